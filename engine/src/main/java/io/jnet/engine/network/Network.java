package io.jnet.engine.network;

import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.Resolution;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * A network as the store holds it.
 *
 * @param spec what was asked for
 * @param bridge the bridge's name; where there is none, the one that it would have
 * @param bridgeMac the bridge's MAC address; the same each time that the bridge is built
 * @param state how far creation or deletion has come
 * @param adopted what the network has changed on the bridge, where that was there before it; empty: the network made its bridge
 * @param rebuilt whether the record was lost, and made again from what the kernel has: address pools leave nothing there, so whoever gives the
 *     network's addresses away has to say so once more
 */
public record Network(
        NetworkSpec spec,
        InterfaceName bridge,
        MacAddress bridgeMac,
        NetworkState state,
        Optional<Adoption> adopted,
        boolean rebuilt) {
    /** What the names of the bridges begin with that the engine names itself. */
    public static final String BRIDGE_PREFIX = "jbr-";

    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public Network {
        adopted = adopted == null ? Optional.empty() : adopted;
    }

    /** A network that made its bridge. */
    public Network(NetworkSpec spec, InterfaceName bridge, MacAddress bridgeMac, NetworkState state) {
        this(spec, bridge, bridgeMac, state, Optional.empty(), false);
    }

    /** The identity of the network. */
    public NetworkId id() {
        return spec.id();
    }

    /** The same network in another state. */
    public Network in(NetworkState other) {
        return new Network(spec, bridge, bridgeMac, other, adopted, rebuilt);
    }

    /** The same network with these changes of a bridge that was there before it. */
    public Network adopting(Adoption adoption) {
        return new Network(spec, bridge, bridgeMac, state, Optional.of(adoption), rebuilt);
    }

    /** The same network with a record that was made again. */
    public Network asRebuilt() {
        return new Network(spec, bridge, bridgeMac, state, adopted, true);
    }

    /** Whether there is a bridge: not where links are another program's. */
    public boolean hasBridge() {
        return !spec.flags().contains(NetworkFlag.FOREIGN_LINKS);
    }

    /** The addresses that the bridge has because of the network. */
    public List<IpPrefix> ownAddresses() {
        return adopted.map(Adoption::addresses).orElseGet(spec::bridgeAddresses);
    }

    /**
     * The MTU of its interfaces, in bytes: what was asked for; else what the bridge has that was there before, or a port could send what the others
     * cannot take; else Linux's default.
     */
    public int mtu() {
        return spec.mtu().orElseGet(() -> adopted.map(Adoption::mtu).orElse(NetworkSpec.DEFAULT_MTU));
    }

    /** The name for people: the given one, else the first 12 characters of the id. */
    public String displayName() {
        return spec.name().orElseGet(() -> ShortId.of(id().value()));
    }

    /**
     * The network's own domain, below which its containers have their names: what it was given; else its name below {@code jnet.internal}, or, where
     * that is no domain, the first 12 letters and digits of its id.
     */
    public DomainName domain() {
        return spec.resolution()
                .domain()
                .or(() -> spec.name().flatMap(Network::belowParent))
                .orElseGet(() -> DomainName.parse(
                        ShortId.of(id().value().replaceAll("[^A-Za-z0-9]", "")) + "." + Resolution.DEFAULT_PARENT));
    }

    /**
     * Where names are answered to its containers, as long as a daemon runs: the addresses of its bridge, those of IPv4 first. Nowhere on a bridge of
     * somebody else: all that is on that would be answered, the neighbours of the host perhaps, and what the host itself has at port 53 of the
     * address would be hidden.
     */
    public List<IpAddress> nameServers() {
        return hasBridge() && adopted.isEmpty() && spec.resolution().enabled()
                ? spec.bridgeAddresses().stream().map(IpPrefix::address).toList()
                : List.of();
    }

    private static Optional<DomainName> belowParent(String name) {
        try {
            return Optional.of(DomainName.parse(name + "." + Resolution.DEFAULT_PARENT));
        } catch (IllegalArgumentException noDomain) {
            return Optional.empty();
        }
    }
}
