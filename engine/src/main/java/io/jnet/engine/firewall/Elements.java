package io.jnet.engine.firewall;

import io.jnet.engine.name.NameServer;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.nftables.ElementField;
import io.jnet.netlink.nftables.ElementField.Address;
import io.jnet.netlink.nftables.ElementField.AddressBits;
import io.jnet.netlink.nftables.ElementField.Mac;
import io.jnet.netlink.nftables.ElementField.Name;
import io.jnet.netlink.nftables.ElementField.Port;
import io.jnet.netlink.nftables.ElementField.Ports;
import io.jnet.netlink.nftables.ElementField.Prefix;
import io.jnet.netlink.nftables.SetElement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which elements of the table's sets and maps stand for a network, a published port or a bridge. Pure. */
final class Elements {
    private Elements() {}

    /** Everything of a state, in a stable order. */
    static List<SetElement> of(FirewallState state) {
        List<SetElement> elements = new ArrayList<>();
        state.networks().forEach(network -> elements.addAll(of(network)));
        state.ports().forEach(port -> elements.addAll(of(port)));
        state.bridgePorts().forEach(port -> elements.addAll(of(port)));
        elements.addAll(of(state.surroundings()));
        state.movedResolvers().orElse(List.of()).forEach(resolver -> elements.addAll(of(resolver)));
        return elements;
    }

    /** A network: its bridge, subnets and gateways, and what its flags allow. */
    static List<SetElement> of(NetworkRules network) {
        List<SetElement> elements = new ArrayList<>();
        Name bridge = new Name(network.bridge());
        elements.add(element(TableSet.BRIDGES, bridge));
        if (network.mac().isEmpty()) {
            elements.add(element(TableSet.ADOPTED_BRIDGES, bridge));
        }
        if (network.has(NetworkFlag.INTERNAL) || !network.isOfHost()) {
            elements.add(element(TableSet.INTERNAL_BRIDGES, bridge));
        }
        if (network.has(NetworkFlag.INTER_CONTAINER)) {
            elements.add(element(TableSet.INTER_CONTAINER, bridge, bridge));
        }
        for (AddressFamily family : AddressFamily.values()) {
            if (network.subnets().stream().anyMatch(subnet -> subnet.family() == family)) {
                ofMode(network.exterior().mode(family)).ifPresent(set -> elements.add(element(set.of(family), bridge)));
            }
            if (!network.isOfHost()) {
                elements.add(element(TableSet.ISOLATED4.of(family), bridge));
            }
        }
        limits(network, bridge, elements);
        for (InterfaceName trusted : network.exterior().trusted()) {
            elements.add(element(TableSet.TRUSTED, new Name(trusted), bridge));
        }
        for (IpPrefix subnet : network.subnets()) {
            Prefix range = new Prefix(subnet);
            elements.add(element(TableSet.SUBNETS4.of(subnet.family()), bridge, range));
            elements.addAll(translation(network, subnet));
            for (IpPrefix other : network.subnets()) {
                if (other.family() == subnet.family()) {
                    elements.add(element(TableSet.HAIRPIN4.of(subnet.family()), range, new Prefix(other)));
                }
            }
        }
        for (IpAddress gateway : network.gateways()) {
            elements.add(element(TableSet.GATEWAYS4.of(gateway.family()), new Address(gateway)));
            network.mac().ifPresent(mac -> elements.add(hardware(gateway, mac)));
        }
        for (IpAddress resolver : network.resolvers()) {
            elements.add(element(TableSet.RESOLVERS4.of(resolver.family()), bridge, new Address(resolver)));
        }
        return elements;
    }

    /** Those of a network that are not another's as well. A key is there once, whatever it leads to. */
    static List<SetElement> of(NetworkRules network, List<NetworkRules> others) {
        Set<SetElement> shared = others.stream()
                .flatMap(other -> of(other).stream())
                .map(Elements::place)
                .collect(Collectors.toSet());
        return of(network).stream()
                .filter(element -> !shared.contains(place(element)))
                .toList();
    }

    private static SetElement place(SetElement element) {
        return new SetElement(element.set(), element.key(), List.of());
    }

    /** A resolver that does not listen at port 53: one element for each protocol. */
    static List<SetElement> of(MovedResolver resolver) {
        Address address = new Address(resolver.address());
        return Stream.of(Protocol.TCP, Protocol.UDP)
                .map(protocol -> new SetElement(
                        TableSet.MOVED_RESOLVERS4
                                .of(resolver.address().family())
                                .text(),
                        List.of(
                                new Name(resolver.bridge()),
                                address,
                                new ElementField.Protocol(protocol.number()),
                                new Port(NameServer.PORT)),
                        List.of(address, new Port(resolver.port()))))
                .toList();
    }

    private static void limits(NetworkRules network, Name bridge, List<SetElement> elements) {
        PublishPolicy policy = network.exterior().publish();
        if (policy.firewalled()) {
            elements.add(element(TableSet.FIREWALLED, bridge));
        }
        if (policy.from().isPresent()) {
            elements.add(element(TableSet.LIMITED, bridge));
            policy.from()
                    .get()
                    .forEach(prefix ->
                            elements.add(element(TableSet.ADMITTED4.of(prefix.family()), bridge, new Prefix(prefix))));
        }
    }

    private static SetElement hardware(IpAddress gateway, MacAddress mac) {
        boolean ipv4 = gateway.family() == AddressFamily.INET;
        return new SetElement(
                TableSet.GATEWAY_MACS4.of(gateway.family()).text(),
                List.of(ipv4 ? new Address(gateway) : new AddressBits(gateway)),
                List.of(new Mac(mac)));
    }

    /** Bridges of one mode are a set, but those of the usual one. */
    private static Optional<TableSet> ofMode(GatewayMode mode) {
        return switch (mode) {
            case NAT -> Optional.empty();
            case ROUTED -> Optional.of(TableSet.ROUTED4);
            case NAT_UNPROTECTED -> Optional.of(TableSet.UNPROTECTED4);
            case ISOLATED -> Optional.of(TableSet.ISOLATED4);
        };
    }

    /** With what address the packets of a subnet leave, if not with their own; the host's, into another network, in any case. */
    private static List<SetElement> translation(NetworkRules network, IpPrefix subnet) {
        FamilyPolicy policy = network.exterior().policy(subnet.family());
        if (!network.has(NetworkFlag.MASQUERADE) || policy.mode() == GatewayMode.ROUTED) {
            return List.of();
        }
        Prefix range = new Prefix(subnet);
        SetElement masquerade = element(TableSet.MASQUERADE4.of(subnet.family()), range);
        return policy.source()
                .map(source -> List.of(
                        masquerade,
                        new SetElement(
                                TableSet.SOURCE_ADDRESS4.of(subnet.family()).text(),
                                List.of(range),
                                List.of(new Address(source)))))
                .orElse(List.of(masquerade));
    }

    /** A port or a run of them is always one element. */
    static List<SetElement> of(PortRule port) {
        if (port instanceof ForeignTarget target) {
            return List.of(of(target));
        }
        if (port instanceof Restriction restriction) {
            return of(restriction);
        }
        return List.of(port instanceof Opening opening ? of(opening) : of((Publication) port));
    }

    private static List<SetElement> of(Restriction restriction) {
        AddressFamily family = restriction.containerAddress().family();
        Address container = new Address(restriction.containerAddress());
        List<SetElement> elements = new ArrayList<>();
        if (restriction.policy().firewalled()) {
            elements.add(element(TableSet.FIREWALLED_CONTAINERS4.of(family), container));
        }
        if (restriction.policy().from().isPresent()) {
            elements.add(element(TableSet.LIMITED_CONTAINERS4.of(family), container));
            Prefix alone = new Prefix(new IpPrefix(restriction.containerAddress(), family.addressBits()));
            restriction.policy().from().get().stream()
                    .filter(prefix -> prefix.family() == family)
                    .forEach(prefix -> elements.add(
                            element(TableSet.ADMITTED_TO_CONTAINERS4.of(family), alone, new Prefix(prefix))));
        }
        return elements;
    }

    private static SetElement of(ForeignTarget target) {
        IpAddress address = target.address().address();
        return element(
                TableSet.FOREIGN_TARGETS4.of(address.family()),
                new Prefix(target.address().network()),
                new Prefix(new IpPrefix(address, address.family().addressBits())));
    }

    private static SetElement of(Opening opening) {
        return element(
                TableSet.OPEN_PORTS4.of(opening.containerAddress().family()),
                new Address(opening.containerAddress()),
                new ElementField.Protocol(opening.protocol().number()),
                new Ports(opening.ports().first(), opening.ports().last()));
    }

    private static SetElement of(Publication publication) {
        boolean range = publication.hostPorts().size() > 1;
        TableSet forAny = range ? TableSet.PUBLISHED_RANGES4 : TableSet.PUBLISHED4;
        TableSet forOne = range ? TableSet.PUBLISHED_ADDRESS_RANGES4 : TableSet.PUBLISHED_ADDRESS4;
        TableSet map = publication.isForAnyAddress() ? forAny : forOne;
        List<ElementField> key = new ArrayList<>();
        if (!publication.isForAnyAddress()) {
            key.add(new Address(publication.hostAddress()));
        }
        key.add(new ElementField.Protocol(publication.protocol().number()));
        key.add(
                range
                        ? new Ports(
                                publication.hostPorts().first(),
                                publication.hostPorts().last())
                        : new Port(publication.hostPorts().first()));
        List<ElementField> data = new ArrayList<>();
        data.add(new Address(publication.containerAddress()));
        if (!range) {
            data.add(new Port(publication.containerPort()));
        }
        return new SetElement(map.of(publication.hostAddress().family()).text(), key, data);
    }

    /** A port of a bridge: what its container may be to its neighbours, and what it may call itself. */
    static List<SetElement> of(BridgePortRules port) {
        List<SetElement> elements = new ArrayList<>();
        Name link = new Name(port.link());
        if (port.flags().contains(NetworkFlag.ROUTERS)) {
            elements.add(element(TableSet.ROUTER_PORTS, link));
        }
        boolean wholly = port.flags().contains(NetworkFlag.PORT_SECURITY);
        if (wholly || port.flags().contains(NetworkFlag.MAC_SECURITY)) {
            elements.add(element(TableSet.SECURED_PORTS, link));
            elements.add(element(TableSet.PORT_MACS, link, new Mac(port.mac())));
        }
        if (wholly) {
            elements.add(element(TableSet.ADDRESSED_PORTS, link));
            port.addresses(AddressFamily.INET)
                    .forEach(address -> elements.add(element(TableSet.PORT_ADDRESSES4, link, new Address(address))));
            for (IpAddress address : port.addresses(AddressFamily.INET6)) {
                elements.add(element(TableSet.PORT_ADDRESSES6, link, new Address(address)));
                elements.add(element(TableSet.PORT_TARGETS6, link, new AddressBits(address)));
            }
        }
        return elements;
    }

    /** What surrounds jnet's networks. */
    static List<SetElement> of(Surroundings surroundings) {
        List<SetElement> elements = new ArrayList<>();
        surroundings.uplinkBridges().stream()
                .sorted()
                .forEach(bridge -> elements.add(element(TableSet.UPLINK_BRIDGES, new Name(bridge))));
        Set<InterfaceName> closed = new TreeSet<>();
        for (AddressFamily family : AddressFamily.values()) {
            ForwardGuard guard = surroundings.guard(family);
            guard.opened().stream()
                    .sorted()
                    .forEach(link -> elements.add(element(TableSet.OPENED4.of(family), new Name(link))));
            guard.closedBridges().stream()
                    .sorted()
                    .forEach(bridge -> elements.add(element(TableSet.CLOSED_BRIDGES4.of(family), new Name(bridge))));
            closed.addAll(guard.closedBridges());
        }
        closed.forEach(bridge -> elements.add(element(TableSet.SAME_BRIDGE, new Name(bridge), new Name(bridge))));
        surroundings.passages().ifPresent(passages -> {
            for (Protocol protocol : Protocol.values()) {
                elements.add(element(TableSet.UNASKED, new ElementField.Protocol(protocol.number())));
            }
            passages.stream()
                    .map(Elements::of)
                    .sorted(Comparator.comparing(SetElement::toString))
                    .forEach(elements::add);
        });
        return elements;
    }

    private static SetElement of(Passage passage) {
        return element(
                TableSet.PASSAGES,
                new Name(passage.in()),
                new Name(passage.bridge()),
                new ElementField.Protocol(passage.protocol().number()),
                new Ports(passage.ports().first(), passage.ports().last()));
    }

    private static SetElement element(TableSet set, ElementField... key) {
        return SetElement.of(set.text(), key);
    }
}
