package io.jnet.netlink.qdisc;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;

/** The attributes of qdiscs, filters and actions, with the kernel's names (include/uapi/linux/rtnetlink.h, pkt_cls.h). */
public final class TrafficControlAttribute {
    public static final Attribute<String> TCA_KIND = Attribute.of(1, "TCA_KIND", AttributeCodec.STRING);
    /** What is in it depends on the kind. */
    public static final Attribute<Attributes> TCA_OPTIONS = Attribute.of(2, "TCA_OPTIONS", AttributeCodec.NESTED);

    /** In an action, which is one of a filter's list of them. */
    static final Attribute<String> TCA_ACT_KIND = Attribute.of(1, "TCA_ACT_KIND", AttributeCodec.STRING);

    static final Attribute<Attributes> TCA_ACT_OPTIONS =
            Attribute.of(2, "TCA_ACT_OPTIONS", AttributeCodec.NESTED_FLAGGED);

    private TrafficControlAttribute() {}
}
