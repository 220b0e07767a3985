package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_VERDICT_CHAIN;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_VERDICT_CODE;

import io.jnet.netlink.Attributes;
import java.util.Optional;

/**
 * What was decided.
 *
 * @param code {@code NF_...} of include/uapi/linux/netfilter.h, or {@code NFT_...} of nf_tables.h, which are negative
 * @param chain the chain that is jumped or gone to
 */
public record TraceVerdict(int code, Optional<String> chain) {
    public static final int DROP = 0;
    public static final int ACCEPT = 1;

    private static final int STOLEN = 2;
    private static final int QUEUE = 3;
    private static final int CONTINUE = -1;
    private static final int BREAK = -2;
    private static final int JUMP = -3;
    private static final int GOTO = -4;
    private static final int RETURN = -5;

    /** The high bits carry a queue's number or an errno (NF_VERDICT_MASK). */
    private static final int VERDICT_MASK = 0xff;

    static TraceVerdict of(Attributes attributes) {
        int code = attributes.get(NFTA_VERDICT_CODE).orElse(CONTINUE);
        return new TraceVerdict(code < 0 ? code : code & VERDICT_MASK, attributes.get(NFTA_VERDICT_CHAIN));
    }

    /** Whether the packet ends here. */
    public boolean isDrop() {
        return code == DROP;
    }

    /** As nft(8) has it: {@code accept}, {@code jump publish}. */
    @Override
    public String toString() {
        String word =
                switch (code) {
                    case DROP -> "drop";
                    case ACCEPT -> "accept";
                    case STOLEN -> "stolen";
                    case QUEUE -> "queue";
                    case CONTINUE, BREAK -> "continue";
                    case JUMP -> "jump";
                    case GOTO -> "goto";
                    case RETURN -> "return";
                    default -> "verdict " + code;
                };
        return chain.map(target -> word + " " + target).orElse(word);
    }
}
