package io.jnet.engine.firewall;

import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.SetEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel's sets and maps say of networks and ports, which they were filled from: the inverse of {@link Elements}, as far as there is
 * one.
 */
public final class RulesetContent {
    private final Function<TableSet, List<List<SetEntry>>> elements;

    /** @param elements the elements of a set; none where there is no such set */
    RulesetContent(Function<TableSet, List<List<SetEntry>>> elements) {
        this.elements = elements;
    }

    /** Whether a bridge is one of a network's. */
    public boolean hasBridge(InterfaceName bridge) {
        return names(TableSet.BRIDGES).contains(bridge);
    }

    /** The address ranges of a bridge's network. */
    public List<IpPrefix> subnets(InterfaceName bridge) {
        List<IpPrefix> subnets = new ArrayList<>();
        for (AddressFamily family : AddressFamily.values()) {
            for (List<SetEntry> element : elements.apply(TableSet.SUBNETS4.of(family))) {
                EntryReader key = EntryReader.ofKey(element);
                if (key.name().equals(bridge)) {
                    subnets.add(key.prefix(family));
                }
            }
        }
        return subnets;
    }

    /** The address that a bridge has in one of its network's ranges. */
    public Optional<IpAddress> gateway(IpPrefix subnet) {
        return elements.apply(TableSet.GATEWAYS4.of(subnet.family())).stream()
                .map(element -> EntryReader.ofKey(element).address(subnet.family()))
                .filter(subnet::contains)
                .findFirst();
    }

    /** How a family of a bridge's network meets the outside. */
    public FamilyPolicy policy(InterfaceName bridge, AddressFamily family) {
        Optional<IpAddress> source = subnets(bridge).stream()
                .filter(subnet -> subnet.family() == family)
                .flatMap(subnet -> source(subnet).stream())
                .findFirst();
        return new FamilyPolicy(mode(bridge, family), source);
    }

    private GatewayMode mode(InterfaceName bridge, AddressFamily family) {
        if (names(TableSet.ROUTED4.of(family)).contains(bridge)) {
            return GatewayMode.ROUTED;
        }
        if (names(TableSet.UNPROTECTED4.of(family)).contains(bridge)) {
            return GatewayMode.NAT_UNPROTECTED;
        }
        boolean hasFamily = subnets(bridge).stream().anyMatch(subnet -> subnet.family() == family);
        return hasFamily && names(TableSet.ISOLATED4.of(family)).contains(bridge)
                ? GatewayMode.ISOLATED
                : GatewayMode.NAT;
    }

    private Optional<IpAddress> source(IpPrefix subnet) {
        return elements.apply(TableSet.SOURCE_ADDRESS4.of(subnet.family())).stream()
                .filter(element -> EntryReader.prefix(element).equals(Optional.of(subnet)))
                .map(element -> EntryReader.ofData(element).address(subnet.family()))
                .findFirst();
    }

    /** Whether names are answered at an address of a bridge. */
    public boolean answersNames(InterfaceName bridge) {
        return Stream.of(TableSet.RESOLVERS4, TableSet.RESOLVERS6)
                .flatMap(set -> elements.apply(set).stream())
                .anyMatch(element -> EntryReader.ofKey(element).name().equals(bridge));
    }

    /** The interfaces that a bridge's network trusts, by name: their order is not kept. */
    public List<InterfaceName> trusted(InterfaceName bridge) {
        List<InterfaceName> trusted = new ArrayList<>();
        for (List<SetEntry> element : elements.apply(TableSet.TRUSTED)) {
            EntryReader key = EntryReader.ofKey(element);
            InterfaceName link = key.name();
            if (key.name().equals(bridge)) {
                trusted.add(link);
            }
        }
        return trusted.stream().sorted().toList();
    }

    /**
     * What a bridge's network does, as far as the rules show.
     *
     * @param ports those of the bridge
     */
    public Set<NetworkFlag> flags(InterfaceName bridge, Collection<InterfaceName> ports) {
        Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
        List<IpPrefix> subnets = subnets(bridge);
        if (!subnets.isEmpty() && names(TableSet.INTERNAL_BRIDGES).contains(bridge)) {
            flags.add(NetworkFlag.INTERNAL);
        }
        if (names(TableSet.INTER_CONTAINER).contains(bridge)) {
            flags.add(NetworkFlag.INTER_CONTAINER);
        }
        if (subnets.stream()
                .anyMatch(subnet -> isMasqueraded(subnet) || source(subnet).isPresent())) {
            flags.add(NetworkFlag.MASQUERADE);
        }
        if (ports.stream().anyMatch(names(TableSet.ROUTER_PORTS)::contains)) {
            flags.add(NetworkFlag.ROUTERS);
        }
        if (ports.stream().anyMatch(names(TableSet.ADDRESSED_PORTS)::contains)) {
            flags.add(NetworkFlag.PORT_SECURITY);
        } else if (ports.stream().anyMatch(names(TableSet.SECURED_PORTS)::contains)) {
            flags.add(NetworkFlag.MAC_SECURITY);
        }
        return flags;
    }

    private boolean isMasqueraded(IpPrefix subnet) {
        return elements.apply(TableSet.MASQUERADE4.of(subnet.family())).stream()
                .anyMatch(element -> EntryReader.prefix(element).equals(Optional.of(subnet)));
    }

    /** The published ports that lead to an address. */
    public List<Publication> publications(IpAddress container) {
        List<Publication> found = new ArrayList<>();
        for (TableSet map : List.of(
                TableSet.PUBLISHED4,
                TableSet.PUBLISHED_RANGES4,
                TableSet.PUBLISHED_ADDRESS4,
                TableSet.PUBLISHED_ADDRESS_RANGES4)) {
            for (List<SetEntry> element : elements.apply(map.of(container.family()))) {
                EntryReader data = EntryReader.ofData(element);
                if (data.address(container.family()).equals(container)) {
                    found.add(publication(map, element, container.family()));
                }
            }
        }
        return found;
    }

    /** The published port that an element of one of the maps stands for; {@code map} must be the IPv4 one. */
    static Publication publication(TableSet map, List<SetEntry> element, AddressFamily family) {
        EntryReader key = EntryReader.ofKey(element);
        boolean ofAddress = map == TableSet.PUBLISHED_ADDRESS4 || map == TableSet.PUBLISHED_ADDRESS_RANGES4;
        boolean range = map == TableSet.PUBLISHED_RANGES4 || map == TableSet.PUBLISHED_ADDRESS_RANGES4;
        IpAddress host = ofAddress ? key.address(family) : IpAddress.any(family);
        Protocol protocol = Protocol.of(key.protocol());
        PortRange ports = key.ports();
        EntryReader data = EntryReader.ofData(element);
        IpAddress container = data.address(family);
        int containerPort = range ? ports.first() : data.ports().first();
        return new Publication(protocol, host, ports, container, containerPort);
    }

    /** The ports that are reached at an address itself. */
    public List<Opening> openings(IpAddress container) {
        List<Opening> found = new ArrayList<>();
        for (List<SetEntry> element : elements.apply(TableSet.OPEN_PORTS4.of(container.family()))) {
            EntryReader key = EntryReader.ofKey(element);
            if (key.address(container.family()).equals(container)) {
                found.add(new Opening(Protocol.of(key.protocol()), container, key.ports()));
            }
        }
        return found;
    }

    private Set<InterfaceName> names(TableSet set) {
        return elements.apply(set).stream()
                .map(element -> EntryReader.ofKey(element).name())
                .collect(Collectors.toSet());
    }
}
