package io.jnet.netlink.conntrack;

import static io.jnet.netlink.conntrack.FlowAttribute.CTA_COUNTERS_BYTES;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_COUNTERS_ORIG;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_COUNTERS_REPLY;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_ID;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_STATUS;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_ORIG;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_REPLY;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_ZONE;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.RawAttribute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.libc.Errno;
import java.util.Set;

/**
 * A flow as the kernel described it.
 *
 * @param header the address family
 * @param original the packets of the side that began
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Flow(NetfilterHeader header, FlowTuple original, Attributes attributes) {
    /** {@code IPS_DST_NAT}: the destination is, or was looked up to be, another one. */
    private static final long IPS_DST_NAT = 1 << 5;

    /** What names one flow among all: its tuple, its zone, and an id against one that came since. */
    private static final Set<Integer> IDENTITY = Set.of(CTA_TUPLE_ORIG.number(), CTA_ZONE.number(), CTA_ID.number());

    /**
     * Reads an IPCTNL_MSG_CT_NEW message, an answer or an event.
     *
     * @throws NetlinkException when it is malformed
     */
    public static Flow decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        NetfilterHeader header = NetfilterHeader.read(reader);
        Attributes attributes = Attributes.read(reader);
        reader.finish("flow message");
        return new Flow(header, tuple(header, attributes, CTA_TUPLE_ORIG), attributes);
    }

    /**
     * The packets that come back, as they are before they are translated back: their source is the destination that the original packets
     * really have.
     */
    public FlowTuple reply() {
        return tuple(header, attributes, CTA_TUPLE_REPLY);
    }

    /** The zone; 0 is the default one. */
    public int zone() {
        return attributes.get(CTA_ZONE).orElse(0);
    }

    /** Whether the destination of the original packets is replaced. */
    public boolean isDestinationTranslated() {
        return (attributes.get(CTA_STATUS).orElse(0L) & IPS_DST_NAT) != 0;
    }

    /** The bytes of both directions so far, from the IP header on; 0 where the kernel does not count them. */
    public long bytes() {
        return bytes(CTA_COUNTERS_ORIG) + bytes(CTA_COUNTERS_REPLY);
    }

    private long bytes(Attribute<Attributes> direction) {
        return attributes
                .get(direction)
                .flatMap(counters -> counters.get(CTA_COUNTERS_BYTES))
                .orElse(0L);
    }

    /** The attributes that name this flow and no other, as the kernel gave them; without the message that they came in, which is forgotten. */
    Attributes identity() {
        return new Attributes(attributes.list().stream()
                .filter(attribute -> IDENTITY.contains(attribute.type()))
                .map(RawAttribute::alone)
                .toList());
    }

    private static FlowTuple tuple(NetfilterHeader header, Attributes attributes, Attribute<Attributes> direction) {
        Attributes tuple = attributes
                .get(direction)
                .orElseThrow(() -> new NetlinkException(
                        "decode", "flow", Errno.EBADMSG, "no " + direction, NetlinkException.NO_OFFSET));
        boolean six = header.family() == AddressFamily.INET6.number();
        return FlowTuple.decode(tuple, six ? AddressFamily.INET6 : AddressFamily.INET);
    }
}
