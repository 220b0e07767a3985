/**
 * What is known of names on the host's networks: an index of the engine's directory, made anew after each change of that, immutable and used by
 * any thread. It knows who sees which names, and which names are never asked of others.
 */
package io.jnet.dns.name;
