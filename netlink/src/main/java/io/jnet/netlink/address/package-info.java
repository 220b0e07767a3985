/**
 * IP addresses and prefixes, and the addresses of links, as {@code ip address} shows them.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.address.Addresses} is as thread-safe as its socket, and acts in that socket's
 * network namespace.
 *
 * <p>Failures: {@link IllegalArgumentException} for text that is no address; {@link io.jnet.netlink.NetlinkException} for what the kernel
 * refuses.
 *
 * <p>Obeys RFC 4291, RFC 5952, rtnetlink(7), include/uapi/linux/if_addr.h.
 */
package io.jnet.netlink.address;
