package io.jnet.netlink.conntrack;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.address.AddressAttribute;
import io.jnet.netlink.address.IpAddress;

/** The attributes of flows, with the kernel's names (include/uapi/linux/netfilter/nfnetlink_conntrack.h). */
final class FlowAttribute {
    static final Attribute<Attributes> CTA_TUPLE_ORIG =
            Attribute.of(1, "CTA_TUPLE_ORIG", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Attributes> CTA_TUPLE_REPLY =
            Attribute.of(2, "CTA_TUPLE_REPLY", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Long> CTA_STATUS = Attribute.of(3, "CTA_STATUS", AttributeCodec.U32_BIG);
    /** Only where the kernel counts: net.netfilter.nf_conntrack_acct. */
    static final Attribute<Attributes> CTA_COUNTERS_ORIG =
            Attribute.of(9, "CTA_COUNTERS_ORIG", AttributeCodec.NESTED_FLAGGED);

    static final Attribute<Attributes> CTA_COUNTERS_REPLY =
            Attribute.of(10, "CTA_COUNTERS_REPLY", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Long> CTA_COUNTERS_BYTES = Attribute.of(2, "CTA_COUNTERS_BYTES", AttributeCodec.U64_BIG);

    /** Tells a flow from a later one with the same addresses and ports. */
    static final Attribute<Long> CTA_ID = Attribute.of(12, "CTA_ID", AttributeCodec.U32_BIG);
    /** Absent in the default zone; a zone of one direction only is inside that direction's tuple. */
    static final Attribute<Integer> CTA_ZONE = Attribute.of(18, "CTA_ZONE", AttributeCodec.U16_BIG);
    /** For dumps, since Linux 5.8: which fields of the tuples must be as given. Older kernels pass it over. */
    static final Attribute<Attributes> CTA_FILTER = Attribute.of(25, "CTA_FILTER", AttributeCodec.NESTED_FLAGGED);

    static final Attribute<Attributes> CTA_TUPLE_IP = Attribute.of(1, "CTA_TUPLE_IP", AttributeCodec.NESTED_FLAGGED);
    static final Attribute<Attributes> CTA_TUPLE_PROTO =
            Attribute.of(2, "CTA_TUPLE_PROTO", AttributeCodec.NESTED_FLAGGED);

    static final Attribute<IpAddress> CTA_IP_V4_SRC = Attribute.of(1, "CTA_IP_V4_SRC", AddressAttribute.IP);
    static final Attribute<IpAddress> CTA_IP_V4_DST = Attribute.of(2, "CTA_IP_V4_DST", AddressAttribute.IP);
    static final Attribute<IpAddress> CTA_IP_V6_SRC = Attribute.of(3, "CTA_IP_V6_SRC", AddressAttribute.IP);
    static final Attribute<IpAddress> CTA_IP_V6_DST = Attribute.of(4, "CTA_IP_V6_DST", AddressAttribute.IP);

    static final Attribute<Integer> CTA_PROTO_NUM = Attribute.of(1, "CTA_PROTO_NUM", AttributeCodec.U8);
    static final Attribute<Integer> CTA_PROTO_SRC_PORT = Attribute.of(2, "CTA_PROTO_SRC_PORT", AttributeCodec.U16_BIG);
    static final Attribute<Integer> CTA_PROTO_DST_PORT = Attribute.of(3, "CTA_PROTO_DST_PORT", AttributeCodec.U16_BIG);

    /** In the byte order of the machine, unlike the rest (ctnetlink_parse_filter). */
    static final Attribute<Long> CTA_FILTER_ORIG_FLAGS = Attribute.of(1, "CTA_FILTER_ORIG_FLAGS", AttributeCodec.U32);

    private FlowAttribute() {}
}
