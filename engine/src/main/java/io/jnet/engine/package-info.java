/**
 * The core of jnet: networks, endpoints and published ports, on one store, one ruleset and one set of links.
 *
 * <p>Knows neither Docker nor CNI: front ends map their protocol onto {@link io.jnet.engine.Engine}. Failures are
 * {@link io.jnet.engine.failure.EngineException}s with a category and one line for a person.
 */
package io.jnet.engine;
