package io.jnet.daemon.doctor;

import io.jnet.engine.firewall.ForwardBarrier;
import io.jnet.engine.firewall.OwnRules;
import io.jnet.netlink.address.AddressFamily;
import java.util.List;
import java.util.stream.Stream;

/** A forward chain of the owner's own nftables table drops what it does not know. */
final class ForwardDrop extends Check {
    ForwardDrop() {
        super(
                "forward-drop",
                Severity.ERROR,
                "a forward chain of another nftables table has the policy drop, and no rule for jnet's packets",
                "an accept in jnet's table does not save a packet from a drop in another: networks reach nothing outside, and nobody outside reaches what they publish",
                "`nft insert rule TABLE CHAIN " + OwnRules.ACCEPTED
                        + " accept`, and the same in the file that the table is loaded from");
    }

    @Override
    List<Finding> look(HostView host) {
        return host.filters().barriers().stream()
                .filter(barrier -> Stream.of(AddressFamily.values())
                        .filter(barrier::concerns)
                        .anyMatch(
                                family -> host.networksWithOutside().stream().anyMatch(network -> network.has(family))))
                .map(barrier -> finding(barrier.name() + " drops what is forwarded (policy drop)", commands(barrier)))
                .toList();
    }

    private static List<String> commands(ForwardBarrier barrier) {
        return List.of(barrier.command().split("; ", -1));
    }
}
