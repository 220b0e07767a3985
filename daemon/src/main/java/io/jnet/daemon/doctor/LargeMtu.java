package io.jnet.daemon.doctor;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.Link;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Containers send packets that the way out does not take in one piece. */
final class LargeMtu extends Check {
    LargeMtu() {
        super(
                "mtu-too-large",
                Severity.WARNING,
                "the MTU of a network is larger than that of the interface that a default route leads by",
                "large packets depend on path MTU discovery: where ICMP is filtered, connections stand still once much is sent",
                "a network keeps its MTU: `docker network rm NAME` and `docker network create -d jnet -o com.docker.network.driver.mtu=MTU NAME`");
    }

    @Override
    List<Finding> look(HostView host) {
        Optional<Link> narrowest = Stream.of(AddressFamily.values())
                .flatMap(family -> host.uplinks(family).stream().limit(1))
                .min(Comparator.comparingLong(Link::mtu));
        if (narrowest.isEmpty()) {
            return List.of();
        }
        Link uplink = narrowest.get();
        return host.networksWithOutside().stream()
                .filter(network -> network.link().map(Link::mtu).orElse(0L) > uplink.mtu())
                .map(network -> finding(
                        "the MTU of %s is %d, and that of the uplink %s is %d"
                                .formatted(
                                        network.title(),
                                        network.link().orElseThrow().mtu(),
                                        uplink.name(),
                                        uplink.mtu()),
                        "make the network again, with: docker network create -d jnet -o com.docker.network.driver.mtu="
                                + uplink.mtu() + " ..., or for CNI \"mtu\" in its configuration after jnet network rm"))
                .toList();
    }
}
