/**
 * What Docker's plugin protocols have in common: activation, one table from paths to methods, messages in JSON, failures as answers.
 * {@link io.jnet.plugin.DockerPlugin} takes a path and a body and gives a status and a body; it knows no HTTP server.
 *
 * <p>Thread-safe and without state. What is absent or {@code null} in a message becomes empty, unknown fields are ignored, as Go does. What
 * is no such message is a {@link io.jnet.plugin.ProtocolException} with one line. Every failure becomes an answer and one line in the log.
 *
 * <p>Specification: moby's {@code pkg/plugins}.
 */
package io.jnet.plugin;
