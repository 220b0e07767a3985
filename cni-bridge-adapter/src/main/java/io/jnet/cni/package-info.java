/**
 * The CNI protocol (spec 0.1.0 to 1.1.0) on the engine and its address pools. {@link io.jnet.cni.CniPlugin} is the entry: a request as the
 * executable passes it on, an answer as the runtime reads it.
 *
 * <p>Threads: any. Failures: {@link io.jnet.cni.protocol.CniException} inside, an error object of the spec outside.
 */
package io.jnet.cni;
