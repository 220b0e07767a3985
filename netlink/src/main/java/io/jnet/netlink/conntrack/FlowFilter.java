package io.jnet.netlink.conntrack;

import static io.jnet.netlink.conntrack.FlowAttribute.CTA_FILTER;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_FILTER_ORIG_FLAGS;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_PROTO_DST_PORT;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_PROTO_NUM;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_ORIG;
import static io.jnet.netlink.conntrack.FlowAttribute.CTA_TUPLE_PROTO;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.address.AddressFamily;
import java.util.OptionalInt;

/**
 * Which flows to list: what the kernel can tell apart while it walks its table.
 *
 * @param family the address family
 * @param protocol IANA number
 * @param destinationPort of the original packets; empty for every port
 */
public record FlowFilter(AddressFamily family, int protocol, OptionalInt destinationPort) {
    /** {@code CTA_FILTER_F_CTA_PROTO_NUM} and {@code ..._DST_PORT} (net/netfilter/nf_internals.h). */
    private static final long PROTOCOL = 1 << 3;

    private static final long DESTINATION_PORT = 1 << 5;

    /** All flows of a protocol. */
    public static FlowFilter of(AddressFamily family, int protocol) {
        return new FlowFilter(family, protocol, OptionalInt.empty());
    }

    /** Whether it takes a flow: kernels before 5.8 list what was not asked for. */
    boolean accepts(FlowTuple original) {
        return original.protocol() == protocol
                && (destinationPort.isEmpty() || destinationPort.getAsInt() == original.destinationPort());
    }

    Attributes attributes() {
        Attributes wanted = Attributes.of(CTA_PROTO_NUM, protocol);
        long flags = PROTOCOL;
        if (destinationPort.isPresent()) {
            wanted = wanted.with(CTA_PROTO_DST_PORT, destinationPort.getAsInt());
            flags |= DESTINATION_PORT;
        }
        return Attributes.of(CTA_TUPLE_ORIG, Attributes.of(CTA_TUPLE_PROTO, wanted))
                .with(CTA_FILTER, Attributes.of(CTA_FILTER_ORIG_FLAGS, flags));
    }
}
