/**
 * The command line: a class for each command or group of them, most of them a question to the daemon and a way to print the answer, and {@code jnet daemon}
 * with what it opens.
 *
 * <p>Environment and streams are given, never taken from the process, so that tests run commands as they are. A command fails with an
 * exception whose message is one line for a person; {@link io.jnet.daemon.command.Commands} alone turns it into an exit status.
 */
package io.jnet.daemon.command;
