package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One address range of a network.
 *
 * @param prefix the range, host bits zero
 * @param gateway the bridge's own address in the range with the range's length; empty when the bridge has none
 * @param defaultGateway whom containers send to what is elsewhere, where that is not the bridge; an address of the range
 */
public record Subnet(IpPrefix prefix, Optional<IpPrefix> gateway, Optional<IpAddress> defaultGateway) {
    /**
     * This host, loopback, multicast and broadcast; unspecified, loopback and multicast (RFC 6890, RFC 4291). What is reserved besides
     * (240.0.0.0/4) Linux uses as unicast.
     */
    private static final List<IpPrefix> NOT_UNICAST = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32", "::/127", "ff00::/8")
            .map(IpPrefix::parse)
            .toList();

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when host bits are set, when the range holds addresses that no host can have,
     *     or when a gateway is no usable address of it
     */
    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public Subnet {
        defaultGateway = defaultGateway == null ? Optional.empty() : defaultGateway;
        if (!prefix.network().equals(prefix)) {
            throw EngineException.invalid("invalid subnet " + prefix + ": host bits are set, want " + prefix.network());
        }
        if (NOT_UNICAST.stream().anyMatch(prefix::overlaps)) {
            throw EngineException.invalid("invalid subnet " + prefix + ": not a unicast range");
        }
        if (gateway.isPresent()) {
            checkGateway(prefix, gateway.get());
        }
        if (defaultGateway.isPresent() && !isUsable(prefix, defaultGateway.get())) {
            throw EngineException.invalid(
                    "default gateway " + defaultGateway.get() + " is no host's address in subnet " + prefix);
        }
    }

    /** A range whose containers send to what is elsewhere by the bridge. */
    public Subnet(IpPrefix prefix, Optional<IpPrefix> gateway) {
        this(prefix, gateway, Optional.empty());
    }

    /** Whom containers send to what is elsewhere. */
    public Optional<IpAddress> containersGateway() {
        return defaultGateway.or(() -> gateway.map(IpPrefix::address));
    }

    /** The address family of the range. */
    public AddressFamily family() {
        return prefix.family();
    }

    /** Whether a host can have the address: it is in the range, and neither the network's own nor the broadcast address. */
    public boolean isUsable(IpAddress address) {
        return isUsable(prefix, address);
    }

    private static void checkGateway(IpPrefix prefix, IpPrefix gateway) {
        if (!prefix.contains(gateway.address()) || gateway.length() != prefix.length()) {
            throw EngineException.invalid("gateway " + gateway + " is not an address of subnet " + prefix);
        }
        if (!isUsable(prefix, gateway.address())) {
            throw EngineException.invalid(
                    "gateway " + gateway + " is the network or broadcast address of subnet " + prefix);
        }
    }

    private static boolean isUsable(IpPrefix prefix, IpAddress address) {
        // A point-to-point range has no address to spare (RFC 3021, RFC 6164).
        boolean pointToPoint = prefix.family().addressBits() - prefix.length() <= 1;
        boolean network = address.equals(prefix.address());
        boolean broadcast = prefix.family() == AddressFamily.INET && address.equals(prefix.last());
        return prefix.contains(address) && (pointToPoint || !(network || broadcast));
    }
}
