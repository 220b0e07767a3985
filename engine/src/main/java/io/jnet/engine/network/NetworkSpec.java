package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.name.Resolution;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a front end asks a network to be.
 *
 * @param id the identity, given by the front end
 * @param name the name for people, unique among networks
 * @param bridge the bridge to use or make; empty: named after the id
 * @param subnets none overlapping another; none at all: the network carries frames between its containers, and the host has no part in it
 * @param mtu of the bridge and of both ends of each veth pair, in bytes; empty: the kernel's default
 * @param interfacePrefix what the names of the containers' interfaces begin with, 1 to 10 characters, usually {@code eth}
 * @param hostBinding the host address of ports that are published without one; empty: every address
 * @param flags what the network does
 * @param exterior how it meets the outside
 * @param vlans the VLANs that its containers are in on the bridge; empty: the bridge does not look at VLANs, or gives its ports what it will
 * @param resolution what it says of names
 */
public record NetworkSpec(
        NetworkId id,
        Optional<String> name,
        Optional<InterfaceName> bridge,
        List<Subnet> subnets,
        OptionalInt mtu,
        String interfacePrefix,
        Optional<IpAddress> hostBinding,
        Set<NetworkFlag> flags,
        Exterior exterior,
        Optional<Vlans> vlans,
        Resolution resolution) {
    /** The smallest MTU that IPv4 allows (RFC 791). */
    public static final int MIN_MTU = 68;

    /** The smallest MTU on which Linux runs IPv6: {@code IPV6_MIN_MTU} (RFC 8200 section 5). */
    public static final int MIN_MTU_IPV6 = 1280;

    /** The MTU of a network that says nothing of it: Ethernet's. */
    public static final int DEFAULT_MTU = 1500;

    /** The largest MTU of a veth or bridge: {@code ETH_MAX_MTU}. */
    public static final int MAX_MTU = 65535;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,9}");

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when a part is out of range, or goes not with another
     */
    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public NetworkSpec {
        // Docker's are in random order, and a network is the same one in any.
        subnets = subnets.stream()
                .sorted(Comparator.comparing((Subnet subnet) -> subnet.family())
                        .thenComparing(subnet -> subnet.prefix().address())
                        .thenComparing(subnet -> subnet.prefix().length()))
                .toList();
        flags = Set.copyOf(flags);
        // Absent in records of earlier versions.
        exterior = exterior == null ? Exterior.DEFAULT : exterior;
        vlans = vlans == null ? Optional.empty() : vlans;
        resolution = resolution == null ? Resolution.DEFAULT : resolution;
        name.ifPresent(NetworkSpec::checkName);
        checkSubnets(subnets);
        if (mtu.isPresent()) {
            checkMtu(mtu.getAsInt(), subnets);
        }
        if (!PREFIX.matcher(interfacePrefix).matches()) {
            throw EngineException.invalid(
                    "invalid interface prefix: want a letter and up to 9 letters, digits, \"_\", \".\" or \"-\"");
        }
        exterior.check(subnets, flags);
        if (flags.contains(NetworkFlag.FOREIGN_LINKS) && (bridge.isPresent() || !subnets.isEmpty())) {
            throw EngineException.invalid("a network of links that another program makes has no bridge and no subnet");
        }
        if (flags.contains(NetworkFlag.INTERNAL)) {
            subnets.stream()
                    .flatMap(subnet -> subnet.defaultGateway().stream())
                    .findFirst()
                    .ifPresent(gateway -> {
                        throw EngineException.invalid("default gateway " + gateway + ": an internal network has none");
                    });
        }
    }

    /** A network without VLANs, with names as usual. */
    public NetworkSpec(
            NetworkId id,
            Optional<String> name,
            Optional<InterfaceName> bridge,
            List<Subnet> subnets,
            OptionalInt mtu,
            String interfacePrefix,
            Optional<IpAddress> hostBinding,
            Set<NetworkFlag> flags,
            Exterior exterior) {
        this(
                id,
                name,
                bridge,
                subnets,
                mtu,
                interfacePrefix,
                hostBinding,
                flags,
                exterior,
                Optional.empty(),
                Resolution.DEFAULT);
    }

    /** A network that meets the outside in the usual way. */
    public NetworkSpec(
            NetworkId id,
            Optional<String> name,
            Optional<InterfaceName> bridge,
            List<Subnet> subnets,
            OptionalInt mtu,
            String interfacePrefix,
            Optional<IpAddress> hostBinding,
            Set<NetworkFlag> flags) {
        this(id, name, bridge, subnets, mtu, interfacePrefix, hostBinding, flags, Exterior.DEFAULT);
    }

    /** The same network with its containers in these VLANs. */
    public NetworkSpec in(Vlans others) {
        return new NetworkSpec(
                id,
                name,
                bridge,
                subnets,
                mtu,
                interfacePrefix,
                hostBinding,
                flags,
                exterior,
                Optional.of(others),
                resolution);
    }

    /** The same network with this to say of names. */
    public NetworkSpec resolving(Resolution other) {
        return new NetworkSpec(
                id, name, bridge, subnets, mtu, interfacePrefix, hostBinding, flags, exterior, vlans, other);
    }

    /** Whether the network has a subnet of the family. */
    public boolean has(AddressFamily family) {
        return subnets.stream().anyMatch(subnet -> subnet.family() == family);
    }

    /** The addresses that the bridge has: the gateways, where the network lets the bridge have one. */
    public List<IpPrefix> bridgeAddresses() {
        return subnets.stream()
                .filter(subnet -> isOnBridge(subnet.family()))
                .flatMap(subnet -> subnet.gateway().stream())
                .toList();
    }

    /** Whether the bridge itself takes part in an address family of the network. */
    public boolean isOnBridge(AddressFamily family) {
        boolean inhibited = family == AddressFamily.INET && flags.contains(NetworkFlag.NO_BRIDGE_IPV4);
        return has(family) && !inhibited && exterior.mode(family) != GatewayMode.ISOLATED;
    }

    /** Whether a network can have this name: 1 to 128 letters, digits, {@code _}, {@code .} and {@code -}, the first a letter or digit. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static void checkName(String name) {
        if (!isName(name)) {
            throw EngineException.invalid(
                    "invalid network name: want 1 to 128 letters, digits, \"_\", \".\" or \"-\", the first a letter or digit");
        }
    }

    private static void checkSubnets(List<Subnet> subnets) {
        for (int i = 0; i < subnets.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (subnets.get(i).prefix().overlaps(subnets.get(j).prefix())) {
                    throw EngineException.invalid("subnets " + subnets.get(j).prefix() + " and "
                            + subnets.get(i).prefix() + " overlap");
                }
            }
        }
    }

    private static void checkMtu(int mtu, List<Subnet> subnets) {
        boolean ipv6 = subnets.stream().anyMatch(subnet -> subnet.family() == AddressFamily.INET6);
        int least = ipv6 ? MIN_MTU_IPV6 : MIN_MTU;
        if (mtu < least || mtu > MAX_MTU) {
            throw EngineException.invalid(
                    "invalid MTU " + mtu + ": want " + least + " to " + MAX_MTU + (ipv6 ? " with an IPv6 subnet" : ""));
        }
    }
}
