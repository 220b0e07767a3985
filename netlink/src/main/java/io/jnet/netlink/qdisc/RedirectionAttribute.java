package io.jnet.netlink.qdisc;

import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_ACT_KIND;
import static io.jnet.netlink.qdisc.TrafficControlAttribute.TCA_ACT_OPTIONS;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkWriter;

/** The options of a {@code u32} filter that every packet matches, with an action {@code mirred} (include/uapi/linux/pkt_cls.h). */
final class RedirectionAttribute {
    static final String U32 = "u32";
    static final String MIRRED = "mirred";

    static final Attribute<Attributes> TCA_U32_ACT = Attribute.of(7, "TCA_U32_ACT", AttributeCodec.NESTED);
    /** Actions are numbered from 1 in their order. */
    static final Attribute<Attributes> FIRST_ACTION = Attribute.of(1, "TCA_ACT_TAB", AttributeCodec.NESTED);

    static final Attribute<Mirred> TCA_MIRRED_PARMS =
            Attribute.of(2, "TCA_MIRRED_PARMS", AttributeCodec.of(Mirred::read, Mirred::write));

    private static final Attribute<byte[]> TCA_U32_SEL = Attribute.of(5, "TCA_U32_SEL", AttributeCodec.BYTES);
    private static final int TC_U32_TERMINAL = 1;
    private static final int SELECTOR_REST = 12;
    private static final int KEY_LENGTH = 16;

    private RedirectionAttribute() {}

    static Attributes toLink(int link) {
        Attributes mirred = Attributes.of(TCA_ACT_KIND, MIRRED)
                .with(TCA_ACT_OPTIONS, Attributes.of(TCA_MIRRED_PARMS, Mirred.redirection(link)));
        return Attributes.of(TCA_U32_ACT, Attributes.of(FIRST_ACTION, mirred)).with(TCA_U32_SEL, everything());
    }

    /**
     * One key, whose mask is empty.
     *
     * <pre>
     * struct tc_u32_sel { unsigned char flags; unsigned char offshift; unsigned char nkeys; __be16 offmask; __u16 off; short offoff;
     *                     short hoff; __be32 hmask; struct tc_u32_key keys[]; };
     * struct tc_u32_key { __be32 mask; __be32 val; int off; int offmask; };
     * </pre>
     */
    private static byte[] everything() {
        return NetlinkWriter.create()
                .u8(TC_U32_TERMINAL)
                .u8(0)
                .u8(1)
                .u8(0)
                .bytes(new byte[SELECTOR_REST + KEY_LENGTH])
                .toBytes();
    }
}
