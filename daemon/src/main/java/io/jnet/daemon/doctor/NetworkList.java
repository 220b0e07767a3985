package io.jnet.daemon.doctor;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.NetworkView;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.network.ShortId;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import java.util.List;
import java.util.Optional;

/** Finds the networks of a host: the daemon names them; where none answers, the marks of their bridges do. */
final class NetworkList {
    /** The particulars of a mark, as the engine writes them: the network's name, and I for an internal one. */
    private static final String NAME = "name";

    private static final String FLAGS = "flags";
    private static final String INTERNAL = "I";

    private final List<Link> links;
    private final List<LinkAddress> addresses;

    NetworkList(List<Link> links, List<LinkAddress> addresses) {
        this.links = links;
        this.addresses = addresses;
    }

    List<NetworkSeen> of(DaemonSays daemon) {
        if (daemon.isKnown()) {
            return daemon.networks().stream()
                    .filter(network -> !network.bridge().isEmpty())
                    .map(this::known)
                    .toList();
        }
        return links.stream().flatMap(link -> marked(link).stream()).toList();
    }

    private NetworkSeen known(NetworkView network) {
        Optional<Link> bridge = links.stream()
                .filter(link -> link.name().equals(network.bridge()))
                .findFirst();
        // A port of a bridge that is somebody else's may be the host's own cable.
        boolean inUse = bridge.isPresent() && network.endpoints() > network.unjoined();
        return seen(network.name(), network.bridge(), network.adoptedBridge(), bridge, network.internal(), inUse);
    }

    private Optional<NetworkSeen> marked(Link link) {
        if (!(link.kind().orElse(null) instanceof LinkKind.Bridge)) {
            return Optional.empty();
        }
        return link.alias()
                .flatMap(LinkMark::parse)
                .filter(mark -> mark.owner() == LinkMark.Owner.NETWORK)
                .map(mark -> seen(
                        mark.particulars().value(NAME).orElse(ShortId.of(mark.id())),
                        link.name(),
                        false,
                        Optional.of(link),
                        mark.particulars().value(FLAGS).orElse("").contains(INTERNAL),
                        hasPorts(link)));
    }

    private boolean hasPorts(Link bridge) {
        return links.stream()
                .anyMatch(port -> port.master().isPresent() && port.master().getAsInt() == bridge.index());
    }

    private NetworkSeen seen(
            String name, String bridge, boolean adopted, Optional<Link> link, boolean internal, boolean inUse) {
        List<IpPrefix> subnets = addresses.stream()
                .filter(address ->
                        link.isPresent() && address.link() == link.get().index())
                .map(LinkAddress::prefix)
                .filter(prefix -> !prefix.address().isLinkLocal())
                .map(IpPrefix::network)
                .toList();
        return new NetworkSeen(name, bridge, adopted, link, internal, inUse, subnets);
    }
}
