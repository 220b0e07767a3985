/**
 * Connection tracking: the kernel's table of flows, as {@code conntrack} shows it, over ctnetlink.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.conntrack.Conntrack} is thread-safe, and acts in the network namespace that it was
 * opened in.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}; EINVAL from a kernel without ctnetlink.
 *
 * <p>Obeys include/uapi/linux/netfilter/nfnetlink_conntrack.h, net/netfilter/nf_conntrack_netlink.c.
 */
package io.jnet.netlink.conntrack;
