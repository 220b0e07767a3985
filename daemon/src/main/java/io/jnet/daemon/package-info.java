/**
 * The executable: {@code jnet daemon} and the commands that ask it.
 *
 * <p>Exit status 0 success, 1 failure with one line on standard error, 2 usage. Standard output is for answers only; the log goes to standard
 * error.
 */
package io.jnet.daemon;
