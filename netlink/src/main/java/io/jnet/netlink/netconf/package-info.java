/**
 * What the kernel tells of its settings of interfaces, as {@code ip netconf} and {@code ip monitor netconf} show it.
 *
 * <p>Threads: values are immutable.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}.
 *
 * <p>Obeys include/uapi/linux/netconf.h; net/ipv4/devinet.c, net/ipv6/addrconf.c.
 */
package io.jnet.netlink.netconf;
