/**
 * What Prometheus is told: operations as they are counted here, and what the engine, the pools and the kernel have counted, read when
 * somebody asks. The only package that knows the library.
 *
 * <p>Threads: any thread records, any thread asks. Reading waits for no operation, and has none wait.
 *
 * <p>Obeys Prometheus' text format 0.0.4.
 */
package io.jnet.daemon.metrics;
