/**
 * Neighbours (ARP and NDP entries), as {@code ip neighbour} shows them.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.neighbour.Neighbours} is as thread-safe as its socket, and acts in that
 * socket's network namespace.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}.
 *
 * <p>Obeys rtnetlink(7), include/uapi/linux/neighbour.h.
 */
package io.jnet.netlink.neighbour;
