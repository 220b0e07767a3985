/**
 * Answers names on networks (the engine's port {@link io.jnet.engine.resolve.NameService}): listeners at the networks' bridges, and what
 * they ask.
 */
package io.jnet.dns;
