/**
 * What a user of Docker waits for: the docker command from its start to its return, with jnet and with the bridge driver of the same
 * engine.
 *
 * <p>Thread and failure rules as in {@code io.jnet.bench}.
 */
package io.jnet.bench.docker;
