/**
 * Benchmarks of jnet side by side with Docker's bridge driver: the program that {@code bench/run} starts, and what it measures on.
 *
 * <p>Everything runs on machines made of namespaces, those of the system tests. Thread rules: one thread measures. Failure rules: whatever
 * fails ends the run with its exception.
 */
package io.jnet.bench;
