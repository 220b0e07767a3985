package io.jnet.daemon.control;

import io.jnet.cni.CniPlugin;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An endpoint.
 *
 * @param id its identity
 * @param network the identity of its network
 * @param networkName the name of its network
 * @param state {@code created}, {@code joining}, {@code joined}, {@code left} or {@code deleting}
 * @param addresses the container's addresses with their subnets' lengths
 * @param mac the container's MAC address
 * @param hostLink the name of the veth's end on the bridge
 * @param sandbox the container's network namespace, as the engine that runs it calls it
 * @param runtime who asked for it: {@code docker}, or {@code cni} for attachments by hand too
 * @param container what the runtime of CNI calls the container: its id; by hand, Docker's id or what {@code ip netns} calls the namespace; absent where
 *     Docker asked for the endpoint, which has names for endpoints only
 * @param ports its published ports
 * @param open its ports that are reached at its own addresses
 * @param bandwidth what its traffic is shaped to; absent where it is not
 * @param names what it is called on its network, its own name first
 */
public record EndpointView(
        String id,
        String network,
        String networkName,
        String state,
        List<String> addresses,
        String mac,
        String hostLink,
        Optional<String> sandbox,
        String runtime,
        Optional<String> container,
        List<PortView> ports,
        List<OpenPortView> open,
        Optional<BandwidthView> bandwidth,
        List<String> names) {

    @SuppressWarnings("OptionalAssignedToNull") // absent in the answer of an older daemon
    public EndpointView {
        container = container == null ? Optional.empty() : container;
    }

    static EndpointView of(Engine engine, Endpoint endpoint, Optional<Network> network, List<PortClash> clashes) {
        return new EndpointView(
                endpoint.id().value(),
                endpoint.spec().network().value(),
                network.map(Network::displayName).orElse(""),
                endpoint.state().name().toLowerCase(Locale.ROOT),
                endpoint.spec().addresses().stream().map(IpPrefix::toString).toList(),
                endpoint.mac().toString(),
                endpoint.hostLink().value(),
                endpoint.sandbox(),
                RuntimeName.of(CniPlugin.owns(endpoint)),
                CniPlugin.container(endpoint),
                endpoint.ports().stream()
                        .map(binding -> PortView.of(engine, endpoint, binding, clashes))
                        .toList(),
                endpoint.open().stream()
                        .map(open -> OpenPortView.of(endpoint, open))
                        .toList(),
                BandwidthView.of(endpoint.spec().bandwidth(), endpoint.shaper().map(InterfaceName::value)),
                endpoint.spec().names().stream().map(DomainName::text).toList());
    }

    /** What it is called on its network first of all; empty where it has no name there. */
    public Optional<String> ownName() {
        return names.stream().findFirst();
    }

    /** All by which it is reached from outside of its network: its published ports, then those by a route. */
    public List<PortView> reached() {
        return Stream.concat(ports.stream(), open.stream().map(port -> PortView.byRoute(this, port)))
                .toList();
    }
}
