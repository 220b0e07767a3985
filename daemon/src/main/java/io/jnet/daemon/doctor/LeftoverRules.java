package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.engine.firewall.OwnRules;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.ChainReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of jnet's on a host that has no network of it any more. */
final class LeftoverRules extends Check {
    LeftoverRules() {
        super(
                "leftover-rules",
                Severity.WARNING,
                "there is no network, and `table inet jnet` or iptables' chain `" + OwnRules.FORWARD_CHAIN + "` or `"
                        + OwnRules.INPUT_CHAIN + "` is still there",
                "a table without networks lets through and drops nothing that matters; somebody may take it for a sign that jnet is at work",
                "`nft delete table inet jnet`; `iptables -D FORWARD -j %1$s`, `iptables -F %1$s`, `iptables -X %1$s`; with `INPUT` the same"
                        .formatted(OwnRules.FORWARD_CHAIN));
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
            chain(host, family, "FORWARD", OwnRules.FORWARD_CHAIN).ifPresent(findings::add);
            chain(host, family, "INPUT", OwnRules.INPUT_CHAIN).ifPresent(findings::add);
        }
        return findings;
    }

    private Optional<Finding> chain(HostView host, AddressFamily family, String from, String own) {
        if (!host.hasChain(new ChainReference(family, IptablesForwardDrop.TABLE, own))) {
            return Optional.empty();
        }
        String program = family == AddressFamily.INET ? "iptables" : "ip6tables";
        return Optional.of(finding(
                program + "' chain " + own + " is there without a network",
                program + " -D " + from + " -j " + own,
                program + " -F " + own,
                program + " -X " + own));
    }
}
