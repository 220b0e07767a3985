/**
 * Routes, as {@code ip route} shows them.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.route.Routes} is as thread-safe as its socket, and acts in that socket's network
 * namespace.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}.
 *
 * <p>Obeys rtnetlink(7), include/uapi/linux/rtnetlink.h.
 */
package io.jnet.netlink.route;
