package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.NetworkView;
import io.jnet.daemon.control.StatusView;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.engine.rebuild.Unrecorded;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Links with names as jnet gives them, of which the daemon knows nothing. Those that were there before it was asked, and still are: any other one
 * may be of a container that has just come, or is about to be gone.
 */
final class LeftoverLinks extends Check {
    private static final Pattern NAME = Pattern.compile("(%s|%s)[0-9a-f]{13}|%s[0-9a-f]{11}"
            .formatted(Endpoint.HOST_LINK_PREFIX, Endpoint.SHAPER_PREFIX, Network.BRIDGE_PREFIX));

    LeftoverLinks() {
        super(
                "leftover-link",
                Severity.WARNING,
                "an interface is named as jnet names its own (`" + Network.BRIDGE_PREFIX + "...`, `"
                        + Endpoint.HOST_LINK_PREFIX + "...`, `" + Endpoint.SHAPER_PREFIX
                        + "...`), and the daemon has no record of it",
                "it is of no use any more, and a network of the same id could not be made",
                "`ip link delete NAME`");
    }

    @Override
    List<Finding> look(HostView host) {
        if (!host.daemon().isKnown()) {
            return List.of();
        }
        Set<String> known = known(host.daemon());
        return host.linksBefore().stream()
                .filter(name -> NAME.matcher(name).matches() && !known.contains(name))
                .map(name -> finding("nothing in the daemon's records is link " + name, "ip link delete " + name))
                .toList();
    }

    private static Set<String> known(DaemonSays daemon) {
        Set<String> known = new HashSet<>();
        daemon.networks().stream().map(NetworkView::bridge).forEach(known::add);
        daemon.endpoints().forEach(endpoint -> {
            known.add(endpoint.hostLink());
            endpoint.bandwidth().flatMap(shaped -> shaped.shaper()).ifPresent(known::add);
        });
        // What stands still is told by Standstill: its objects are described as "link NAME of ...".
        daemon.status().map(StatusView::unrecorded).orElse(List.of()).stream()
                .map(Unrecorded::object)
                .forEach(text -> known.addAll(Set.of(text.split("[ ,]", -1))));
        return known;
    }
}
