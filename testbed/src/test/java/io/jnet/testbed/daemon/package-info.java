/**
 * The distribution of jnet on a testbed machine: its daemon and its commands, used as a user does.
 *
 * <p>Thread rules: one thread starts and ends a daemon; commands may be run by any. Failure rules as in {@code io.jnet.testbed.machine}.
 */
package io.jnet.testbed.daemon;
