package io.jnet.netlink.nftables;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A transaction on the ruleset has taken effect, whoever made it.
 *
 * @param generation the number of the ruleset that it made, 32 bits
 * @param thread the id of the thread that made it (NFTA_GEN_PROC_PID), as the first pid namespace counts
 * @param processName the name of that thread, at most 15 characters; {@code nft}, {@code iptables}
 */
public record GenerationChange(long generation, long thread, String processName) {
    private static final Attribute<Long> NFTA_GEN_ID = Attribute.of(1, "NFTA_GEN_ID", AttributeCodec.U32_BIG);
    private static final Attribute<Long> NFTA_GEN_PROC_PID =
            Attribute.of(2, "NFTA_GEN_PROC_PID", AttributeCodec.U32_BIG);
    private static final Attribute<String> NFTA_GEN_PROC_NAME =
            Attribute.of(3, "NFTA_GEN_PROC_NAME", AttributeCodec.STRING);

    /**
     * The change that a message of the group NFNLGRP_NFTABLES reports; nothing for messages about single objects.
     *
     * @throws NetlinkException when the message is malformed
     */
    public static Optional<GenerationChange> decode(NetlinkMessage message) {
        if (message.type() != NftablesMessage.NFT_MSG_NEWGEN) {
            return Optional.empty();
        }
        NetlinkReader reader = message.reader();
        NetfilterHeader.read(reader);
        Attributes attributes = Attributes.read(reader);
        reader.finish("nftables generation");
        return Optional.of(new GenerationChange(
                attributes.get(NFTA_GEN_ID).orElse(0L),
                attributes.get(NFTA_GEN_PROC_PID).orElse(0L),
                attributes.get(NFTA_GEN_PROC_NAME).orElse("")));
    }

    /** Whether a thread of this process made it, as far as it still lives; wrong in a pid namespace other than the first. */
    public boolean isByThisProcess() {
        return Files.exists(Path.of("/proc/self/task", Long.toString(thread)));
    }
}
