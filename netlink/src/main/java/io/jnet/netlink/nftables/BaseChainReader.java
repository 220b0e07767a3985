package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_HOOK;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_NAME;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_POLICY;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_CHAIN_TABLE;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_HOOK_HOOKNUM;
import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_HOOK_PRIORITY;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists the base chains of all tables by nfnetlink. Costs what the ruleset has of chains, whatever they hold. */
public final class BaseChainReader {
    private static final int NFPROTO_UNSPEC = 0;
    private static final long NF_DROP = 0;

    private static final Map<Integer, String> FAMILIES =
            Map.of(1, "inet", 2, "ip", 3, "arp", 5, "netdev", 7, "bridge", 10, "ip6");

    private final NetlinkSocket socket;

    /**
     * @param socket of {@link io.jnet.netlink.NetlinkProtocol#NETFILTER}
     */
    public BaseChainReader(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * All base chains, in no particular order.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public List<BaseChain> list() {
        NetlinkRequest request = NetlinkRequest.of(
                NftablesMessage.NFT_MSG_GETCHAIN, NetfilterHeader.of(NFPROTO_UNSPEC), "list chains", "of all tables");
        return socket.dump(request).stream()
                .flatMap(message -> decode(message).stream())
                .toList();
    }

    /**
     * Whether a rule that a packet may meet by the chain has these bytes among what it compares with or computes by: one of the chain itself, of
     * a chain that its rules lead to, or an element of a set of interfaces' names that such a rule looks up. Whether the rule then accepts is
     * not looked at.
     *
     * @throws NetlinkException when the kernel refuses
     */
    public boolean mentions(BaseChain chain, byte[] bytes) {
        return new ReachableRules(socket, familyNumber(chain.family()), chain.table()).mention(chain.chain(), bytes);
    }

    private static Optional<BaseChain> decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        int family = NetfilterHeader.read(reader).family();
        Attributes chain = Attributes.read(reader);
        reader.finish("nftables chain");
        return chain.get(NFTA_CHAIN_HOOK)
                .map(hook -> new BaseChain(
                        familyText(family),
                        chain.get(NFTA_CHAIN_TABLE).orElse(""),
                        chain.get(NFTA_CHAIN_NAME).orElse(""),
                        hook.get(NFTA_HOOK_HOOKNUM).orElse(0L).intValue(),
                        hook.get(NFTA_HOOK_PRIORITY).orElse(0),
                        chain.get(NFTA_CHAIN_POLICY).equals(Optional.of(NF_DROP))));
    }

    /** {@code NFPROTO_...} of include/uapi/linux/netfilter.h. */
    static String familyText(int family) {
        return FAMILIES.getOrDefault(family, Integer.toString(family));
    }

    private static int familyNumber(String family) {
        return FAMILIES.entrySet().stream()
                .filter(known -> known.getValue().equals(family))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(NFPROTO_UNSPEC);
    }
}
