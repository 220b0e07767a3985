package io.jnet.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The frame that makes several nfnetlink messages one transaction: BATCH_BEGIN and BATCH_END (net/netfilter/nfnetlink.c). */
public final class NetfilterBatch {
    private static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    private static final int NFNL_MSG_BATCH_END = 0x11;
    private static final Attribute<Long> NFNL_BATCH_GENID = Attribute.of(1, "NFNL_BATCH_GENID", AttributeCodec.U32_BIG);

    private NetfilterBatch() {}

    /**
     * Frames requests for {@link NetlinkSocket#exchange}; the result has two elements more than {@code requests}, first and last.
     *
     * @param subsystem {@code NFNL_SUBSYS_NFTABLES} is 10
     * @param generation when given, the batch fails with ERESTART unless the ruleset still has this generation
     */
    public static List<NetlinkRequest> frame(int subsystem, OptionalLong generation, List<NetlinkRequest> requests) {
        Attributes attributes =
                generation.isPresent() ? Attributes.of(NFNL_BATCH_GENID, generation.getAsLong()) : Attributes.none();
        List<NetlinkRequest> framed = new ArrayList<>(requests.size() + 2);
        framed.add(limit(NFNL_MSG_BATCH_BEGIN, subsystem, "begin").withAttributes(attributes));
        framed.addAll(requests);
        framed.add(limit(NFNL_MSG_BATCH_END, subsystem, "end"));
        return framed;
    }

    private static NetlinkRequest limit(int type, int subsystem, String operation) {
        return NetlinkRequest.of(type, new NetfilterHeader(0, subsystem), operation, "netfilter batch")
                .withoutAcknowledgement();
    }
}
