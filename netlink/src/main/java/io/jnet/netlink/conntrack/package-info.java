/**
 * Connection tracking: the kernel's table of flows, as {@code conntrack} shows it, over ctnetlink.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.conntrack.Conntrack} is as thread-safe as its socket, and acts in that socket's
 * network namespace.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}; EINVAL from a kernel without ctnetlink.
 *
 * <p>Obeys include/uapi/linux/netfilter/nfnetlink_conntrack.h, net/netfilter/nf_conntrack_netlink.c.
 */
package io.jnet.netlink.conntrack;
