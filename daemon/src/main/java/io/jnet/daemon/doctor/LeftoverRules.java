package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.ChainReference;
import java.util.ArrayList;
import java.util.List;

/** Rules of jnet's on a host that has no network of it any more. */
final class LeftoverRules extends Check {
    LeftoverRules() {
        super(
                "leftover-rules",
                Severity.WARNING,
                "there is no network, and `table inet jnet` or iptables' chain `JNET-FORWARD` or `JNET-INPUT` is still there",
                "a table without networks lets through and drops nothing that matters; somebody may take it for a sign that jnet is at work",
                "`nft delete table inet jnet`; `iptables -D FORWARD -j JNET-FORWARD`, `iptables -F JNET-FORWARD`, `iptables -X JNET-FORWARD`; with `INPUT` the same");
    }

    @Override
    List<Finding> look(HostView host) {
        DaemonSays daemon = host.daemon();
        boolean standsStill =
                daemon.status().filter(status -> !status.unrecorded().isEmpty()).isPresent();
        if (!daemon.isKnown() || standsStill || !daemon.networks().isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        if (host.hasTable(RulesetMissing.TABLE)) {
            findings.add(finding(
                    "table inet jnet is there without a network", "nft delete table inet " + RulesetMissing.TABLE));
        }
        for (AddressFamily family : AddressFamily.values()) {
            String program = family == AddressFamily.INET ? "iptables" : "ip6tables";
            for (String chain : List.of("FORWARD", "INPUT")) {
                String own = "JNET-" + chain;
                if (host.hasChain(new ChainReference(family, IptablesForwardDrop.TABLE, own))) {
                    findings.add(finding(
                            program + "' chain " + own + " is there without a network",
                            program + " -D " + chain + " -j " + own,
                            program + " -F " + own,
                            program + " -X " + own));
                }
            }
        }
        return findings;
    }
}
