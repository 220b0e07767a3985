/**
 * Network interfaces, as {@code ip link} shows them: names, MAC addresses, bridges, veth pairs and ifb links.
 *
 * <p>{@link io.jnet.netlink.link.Links} asks and changes; a {@link io.jnet.netlink.link.Link} is what the kernel answered, with every
 * attribute that this package does not know kept as bytes.
 *
 * <p>Threads: values are immutable; {@code Links} is as thread-safe as its socket. Everything acts in the network namespace of that
 * socket.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}. A creation of several steps that fails leaves nothing behind.
 *
 * <p>Obeys rtnetlink(7), include/uapi/linux/if_link.h, net/core/rtnetlink.c.
 */
package io.jnet.netlink.link;
