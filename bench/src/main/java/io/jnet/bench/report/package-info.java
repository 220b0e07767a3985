/**
 * What a run of the benchmarks tells: tables for people on standard output and as Markdown, every single measurement as JSON.
 *
 * <p>Thread rules: values, and one thread that writes. Failure rules: {@link java.io.UncheckedIOException} when a file cannot be written.
 */
package io.jnet.bench.report;
