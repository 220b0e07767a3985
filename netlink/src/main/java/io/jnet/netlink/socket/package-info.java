/**
 * Ports of the host: reserving them, and finding who holds them.
 *
 * <p>Threads: everything can be used from any thread; a reservation and a look at the holders concern the network namespace of the calling
 * thread.
 *
 * <p>Failures: {@link io.jnet.netlink.libc.KernelException}; EADDRINUSE when a port is taken.
 *
 * <p>Obeys socket(7), ip(7), ipv6(7), tcp(7), udp(7), proc_pid_net(5).
 */
package io.jnet.netlink.socket;
