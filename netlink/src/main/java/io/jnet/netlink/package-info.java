/**
 * Netlink: messages, attributes and sockets, for rtnetlink (host byte order) and nfnetlink (attributes in network byte order) alike.
 *
 * <p>Shape: a {@link io.jnet.netlink.NetlinkRequest} is a message type, flags, a {@link io.jnet.netlink.FamilyHeader} and
 * {@link io.jnet.netlink.Attributes}; an {@link io.jnet.netlink.Attribute} is declared once, as data, and alone knows the bytes of its
 * value. {@link io.jnet.netlink.NetlinkReader} and {@link io.jnet.netlink.NetlinkWriter} own the bytes. Attributes that nothing declares
 * are kept and written back unchanged.
 *
 * <p>Threads: values are immutable; {@link io.jnet.netlink.NetlinkSocket} has one lock and can be used from any thread; readers and
 * writers belong to one thread.
 *
 * <p>Failures: {@link io.jnet.netlink.NetlinkException}, with operation, object, errno, the kernel's own text and the offset of the
 * offending attribute; malformed messages have errno EBADMSG.
 *
 * <p>Obeys netlink(7), include/uapi/linux/netlink.h, Documentation/userspace-api/netlink/intro.rst.
 */
package io.jnet.netlink;
