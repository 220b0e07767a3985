package io.jnet.engine.rebuild;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.firewall.RulesetContent;
import io.jnet.engine.link.LearnedNeighbour;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.plan.EndpointParticulars;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The record of an endpoint from the host's end of its veth pair, the host's neighbours and the ruleset. */
final class EndpointRebuild {
    private final RulesetContent rules;
    private final Naming naming;
    private final List<LearnedNeighbour> neighbours;

    /** @param naming that of the lost state */
    EndpointRebuild(RulesetContent rules, Naming naming, List<LearnedNeighbour> neighbours) {
        this.rules = rules;
        this.naming = naming;
        this.neighbours = List.copyOf(neighbours);
    }

    /**
     * The endpoint of a link on a network's bridge. What the mark says is taken when the link's own name and MAC address follow from it.
     *
     * @throws EngineException with {@code CONFLICT} and what is against it
     */
    Endpoint of(MarkedLink link, Network network) {
        EndpointId id = new EndpointId(link.mark().id());
        if (link.shape() != MarkedLink.Shape.VETH || !link.name().equals(naming.hostLink(id))) {
            throw EngineException.conflict("its name or kind is not the one that jnet gives to the link of its mark");
        }
        try {
            return endpoint(link, network, id);
        } catch (IllegalArgumentException damaged) {
            throw EngineException.conflict("its mark cannot be read: " + Printable.of(damaged.getMessage()));
        }
    }

    /** What of an endpoint is not known; empty when all is known. */
    static Optional<String> unknown(MarkedLink link) {
        return new EndpointParticulars(link.mark().particulars()).areIncomplete()
                ? Optional.of(
                        "endpoint " + link.mark().id()
                                + ": not all of it is in its mark; which container it is of, and its sandbox, are taken for not given")
                : Optional.empty();
    }

    private Endpoint endpoint(MarkedLink link, Network network, EndpointId id) {
        EndpointParticulars particulars = new EndpointParticulars(link.mark().particulars());
        List<IpPrefix> addresses = particulars.addresses();
        Optional<MacAddress> given = particulars.mac();
        if (addresses.isEmpty()) {
            List<LearnedNeighbour> told = told(link);
            addresses = told.stream()
                    .flatMap(neighbour -> inSubnet(network, neighbour.address()).stream())
                    .toList();
            given = told.stream().map(LearnedNeighbour::mac).findFirst();
        }
        for (IpPrefix address : addresses) {
            if (!inSubnet(network, address.address()).equals(Optional.of(address))
                    && !network.spec().subnets().isEmpty()) {
                throw EngineException.conflict(
                        "its address " + address + " is in no subnet of network " + network.displayName());
            }
        }
        EndpointSpec spec = new EndpointSpec(
                network.id(),
                id,
                addresses,
                given,
                particulars.container(),
                particulars.portHolder(),
                particulars.bandwidth(),
                particulars.publish(),
                List.of());
        // One that jnet chose itself need not be asked for.
        MacAddress own = naming.endpointMac(spec);
        EndpointSpec asked = given.equals(Optional.of(own)) && particulars.mac().isEmpty() ? withoutMac(spec) : spec;
        Endpoint endpoint = new Endpoint(
                asked,
                link.name(),
                naming.peerLink(id),
                asked.mac().orElse(own),
                particulars.sandbox(),
                List.of(),
                List.of(),
                EndpointState.JOINED,
                asked.bandwidth().egress().map(limit -> naming.shaper(id)),
                Optional.empty());
        if (!link.mac().equals(Optional.of(endpoint.hostMac()))) {
            throw EngineException.conflict("its MAC address does not follow from its mark and network");
        }
        return withPorts(endpoint, link);
    }

    private static EndpointSpec withoutMac(EndpointSpec spec) {
        return new EndpointSpec(
                spec.network(),
                spec.id(),
                spec.addresses(),
                Optional.empty(),
                spec.container(),
                spec.portHolder(),
                spec.bandwidth(),
                spec.publish(),
                spec.names());
    }

    /** The endpoint of a link with the ports that the rules have for its addresses. */
    Endpoint withPorts(Endpoint endpoint, MarkedLink link) {
        EndpointParticulars particulars = new EndpointParticulars(link.mark().particulars());
        Map<Target, List<IpAddress>> hosts = new HashMap<>();
        List<OpenPort> open = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            endpoint.spec().address(family).map(IpPrefix::address).ifPresent(address -> {
                rules.publications(address)
                        .forEach(one -> hosts.computeIfAbsent(Target.of(one), target -> new ArrayList<>())
                                .add(one.hostAddress()));
                rules.openings(address)
                        .forEach(opening -> open.add(new OpenPort(opening.protocol(), family, opening.ports())));
            });
        }
        List<PortBinding> bindings = new ArrayList<>();
        hosts.forEach((target, addresses) -> bindings.addAll(target.bindings(
                addresses, endpoint.spec(), particulars.areOfSingleFamily(target.protocol(), target.hostPorts()))));
        bindings.sort(Comparator.comparing(PortBinding::protocol)
                .thenComparing(binding -> binding.hostPorts().first())
                .thenComparing(binding ->
                        binding.hostAddress().map(IpAddress::toString).orElse("")));
        return endpoint.publishing(bindings, OpenPort.joined(open));
    }

    /** What several publications of one binding have in common. */
    private record Target(Protocol protocol, PortRange hostPorts, int containerPort) {
        static Target of(Publication publication) {
            return new Target(publication.protocol(), publication.hostPorts(), publication.containerPort());
        }

        /**
         * A port of all addresses of all families that the container has was published without an address, unless it is said to be of a single
         * family.
         */
        List<PortBinding> bindings(List<IpAddress> hosts, EndpointSpec endpoint, boolean isOfSingleFamily) {
            boolean everywhere = !isOfSingleFamily
                    && Arrays.stream(AddressFamily.values())
                            .filter(family -> endpoint.address(family).isPresent())
                            .allMatch(family -> hosts.contains(IpAddress.any(family)));
            List<PortBinding> bindings = new ArrayList<>();
            if (everywhere) {
                bindings.add(binding(Optional.empty()));
            }
            hosts.stream()
                    .filter(host -> !(everywhere && host.isAny()))
                    .forEach(host -> bindings.add(binding(Optional.of(host))));
            return bindings;
        }

        private PortBinding binding(Optional<IpAddress> host) {
            return new PortBinding(protocol, host, hostPorts, containerPort);
        }
    }

    /** The neighbours on the link's bridge whose MAC address is the one that the link's goes with. */
    private List<LearnedNeighbour> told(MarkedLink link) {
        return neighbours.stream()
                .filter(neighbour -> link.master().isPresent()
                        && neighbour.link() == link.master().getAsInt())
                .filter(neighbour ->
                        link.mac().filter(mac -> isTail(mac, neighbour.mac())).isPresent())
                .sorted(Comparator.comparing((LearnedNeighbour neighbour) ->
                                neighbour.address().family())
                        .thenComparing(LearnedNeighbour::address))
                .toList();
    }

    private static boolean isTail(MacAddress one, MacAddress other) {
        return Arrays.equals(one.bytes(), 1, MacAddress.LENGTH, other.bytes(), 1, MacAddress.LENGTH);
    }

    private static Optional<IpPrefix> inSubnet(Network network, IpAddress address) {
        return network.spec().subnets().stream()
                .map(Subnet::prefix)
                .filter(prefix -> prefix.contains(address))
                .map(prefix -> new IpPrefix(address, prefix.length()))
                .findFirst();
    }
}
