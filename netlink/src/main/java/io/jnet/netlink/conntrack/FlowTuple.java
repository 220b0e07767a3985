package io.jnet.netlink.conntrack;

import static io.jnet.netlink.conntrack.FlowAttribute.CTA_IP_V4_DST;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_IP_V4_SRC;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_IP_V6_DST;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_IP_V6_SRC;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_PROTO_DST_PORT;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_PROTO_NUM;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_PROTO_SRC_PORT;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_IP;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_PROTO;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;

/**
 * The packets of a flow in one direction.
 *
 * @param source the sender's address
 * @param destination the receiver's address
 * @param protocol IANA number
 * @param sourcePort 0 to 65535; 0 for protocols without ports
 * @param destinationPort likewise
 */
public record FlowTuple(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {

    /**
     * Reads a tuple.
     *
     * @throws NetlinkException when an address or the protocol is missing or malformed
     */
    static FlowTuple decode(Attributes tuple, AddressFamily family) {
        Attributes addresses = required(tuple, CTA_TUPLE_IP);
        Attributes protocol = required(tuple, CTA_TUPLE_PROTO);
        boolean four = family == AddressFamily.INET;
        return new FlowTuple(
                required(addresses, four ? CTA_IP_V4_SRC : CTA_IP_V6_SRC),
                required(addresses, four ? CTA_IP_V4_DST : CTA_IP_V6_DST),
                required(protocol, CTA_PROTO_NUM),
                protocol.get(CTA_PROTO_SRC_PORT).orElse(0),
                protocol.get(CTA_PROTO_DST_PORT).orElse(0));
    }

    /** {@code udp}'s would be {@code 17 198.51.100.9:5000 -> 198.51.100.1:53}. */
    @Override
    public String toString() {
        return protocol + " " + text(source, sourcePort) + " -> " + text(destination, destinationPort);
    }

    private static String text(IpAddress address, int port) {
        boolean four = address.family() == AddressFamily.INET;
        return (four ? address.toString() : "[" + address + "]") + ":" + port;
    }

    private static <T> T required(Attributes attributes, Attribute<T> attribute) {
        return attributes
                .get(attribute)
                .orElseThrow(() -> new NetlinkException(
                        "decode", "flow", Errno.EBADMSG, "no " + attribute, NetlinkException.NO_OFFSET));
    }
}
