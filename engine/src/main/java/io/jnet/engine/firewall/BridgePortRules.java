package io.jnet.engine.firewall;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the rules need to know of an endpoint's port on its bridge, where its network asks for rules of its own.
 *
 * @param link the name of the host's end of the veth pair
 * @param mac the container's MAC address
 * @param addresses the container's addresses
 * @param flags what the network does
 */
public record BridgePortRules(InterfaceName link, MacAddress mac, List<IpAddress> addresses, Set<NetworkFlag> flags) {
    private static final int UNIVERSAL_LOCAL = 0x02;

    public BridgePortRules {
        addresses = List.copyOf(addresses);
        flags = Set.copyOf(flags);
    }

    /** Whether a network with these flags needs to be told of each of its ports. */
    public static boolean areNeededWith(Set<NetworkFlag> flags) {
        return flags.contains(NetworkFlag.PORT_SECURITY)
                || flags.contains(NetworkFlag.MAC_SECURITY)
                || flags.contains(NetworkFlag.ROUTERS);
    }

    /** The container's addresses of a family, with the link-local one that its MAC address makes. */
    List<IpAddress> addresses(AddressFamily family) {
        Stream<IpAddress> given = addresses.stream().filter(address -> address.family() == family);
        return family == AddressFamily.INET6
                ? Stream.concat(given, Stream.of(linkLocal())).toList()
                : given.toList();
    }

    /** {@code fe80::} and the modified EUI-64 of the MAC address (RFC 4291, appendix A): what Linux gives an interface by itself. */
    private IpAddress linkLocal() {
        byte[] octets = mac.bytes();
        byte[] address = new byte[AddressFamily.INET6.addressBits() / Byte.SIZE];
        address[0] = (byte) 0xfe;
        address[1] = (byte) 0x80;
        address[8] = (byte) (octets[0] ^ UNIVERSAL_LOCAL);
        address[9] = octets[1];
        address[10] = octets[2];
        address[11] = (byte) 0xff;
        address[12] = (byte) 0xfe;
        address[13] = octets[3];
        address[14] = octets[4];
        address[15] = octets[5];
        return IpAddress.of(address);
    }
}
