package io.jnet.daemon.doctor;

import io.jnet.engine.firewall.OwnRules;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.ChainReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The policy of iptables' FORWARD is DROP, and the jump by which jnet's packets get past it is gone. */
final class IptablesForwardDrop extends Check {
    static final String TABLE = "filter";
    static final String FORWARD = "FORWARD";

    /** What jnet puts on packets that it lets through, as rules have it (docs/decisions/0003-mark-for-iptables.md). */
    private static final byte[] MARK = ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.nativeOrder())
            .putInt(OwnRules.ACCEPTED_MARK)
            .array();

    IptablesForwardDrop() {
        super(
                "iptables-forward-drop",
                Severity.ERROR,
                "the policy of iptables' `FORWARD` is `DROP`, and no rule in it leads to `" + OwnRules.FORWARD_CHAIN
                        + "`",
                "that policy, which Docker and ufw set, drops what jnet's own table has let through",
                "the daemon adds the jump: start it. By hand: `iptables -A FORWARD " + OwnRules.ACCEPTED_BY_IPTABLES
                        + " -j ACCEPT`");
    }

    @Override
    List<Finding> look(HostView host) {
        List<Finding> findings = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            boolean concerned = host.networksWithOutside().stream().anyMatch(network -> network.has(family));
            if (concerned && dropsAll(host, family)) {
                String program = family == AddressFamily.INET ? "iptables" : "ip6tables";
                findings.add(finding(
                        program + "' FORWARD drops what is forwarded (policy DROP), and nothing there leads to "
                                + OwnRules.FORWARD_CHAIN,
                        program + " -A FORWARD " + OwnRules.ACCEPTED_BY_IPTABLES + " -j ACCEPT"));
            }
        }
        return findings;
    }

    private static boolean dropsAll(HostView host, AddressFamily family) {
        String text = family == AddressFamily.INET ? "ip" : "ip6";
        return host.baseChains().stream()
                .filter(chain -> chain.family().equals(text)
                        && chain.table().equals(TABLE)
                        && chain.chain().equals(FORWARD))
                .filter(BaseChain::dropsByPolicy)
                .anyMatch(chain -> !host.targets(new ChainReference(family, TABLE, FORWARD))
                                .contains(OwnRules.FORWARD_CHAIN)
                        && !host.mentions(chain, MARK));
    }
}
