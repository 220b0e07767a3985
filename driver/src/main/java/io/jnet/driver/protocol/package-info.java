/**
 * Docker's NetworkDriver messages as they are on the wire, and their reading and writing.
 *
 * <p>Field names are dockerd's, case as sent; unknown fields are ignored, as Go does. What is absent or {@code null} becomes empty, so that
 * no {@code null} leaves this package. What is no such message is a {@link io.jnet.plugin.ProtocolException} with one line.
 * Records are immutable and the codec is thread-safe.
 *
 * <p>Specification: moby's {@code libnetwork/drivers/remote/api/api.go}, which has kept its shape from Docker 20.10 to 29.
 */
package io.jnet.driver.protocol;
