/**
 * A real dockerd on a testbed machine, an image made without a registry, and the containers of a test.
 *
 * <p>Everything goes through the {@code docker} command, as users do it. Thread rules: an engine may be used by any number of threads.
 * Failure rules: what a test expects to fail is asked for as a result, everything else throws with the command's own words.
 */
package io.jnet.testbed.docker;
