/**
 * Taking measurements: cases that are compared run in the same rounds, in an order drawn anew for each round, so that a machine that
 * becomes slower or faster meanwhile does so for all of them.
 *
 * <p>Thread rules: one thread measures. Failure rules: a case that fails ends the run; there is no figure for work that was not done.
 */
package io.jnet.bench.measure;
