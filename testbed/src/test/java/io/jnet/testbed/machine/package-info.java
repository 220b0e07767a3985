/**
 * Linux machines made of namespaces: each has its own network, mounts, processes, {@code /run} and {@code /var/lib}, and shares the
 * kernel and {@code /usr} with the machine that the tests run on. Cables between them are veth pairs.
 *
 * <p>The holder of a machine is PID 1 of a PID namespace and lives as long as the standard input that the test's JVM holds open:
 * however the JVM ends, the kernel ends everything in the machine with it (pid_namespaces(7)).
 *
 * <p>Thread rules: a machine may be used by any number of threads; opening, rebooting and closing it is one thread's work. Failure
 * rules: a command's exit status is a result, anything else that goes wrong is an {@link java.lang.IllegalStateException}.
 */
package io.jnet.testbed.machine;
