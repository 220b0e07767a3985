/**
 * The same CNI configuration given to the reference plugins and to jnet, on two hosts that are equal: what each makes of it, as values that
 * can be compared, and the differences that are documented.
 *
 * <p>Thread rules: a {@link io.jnet.testbed.difference.Trial} belongs to one thread; those of two hosts may run at the same time.
 */
package io.jnet.testbed.difference;
