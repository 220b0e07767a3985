package io.jnet.netlink.link;

import io.jnet.netlink.libc.Descriptor;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A veth pair to be made; its host end comes up, its peer stays down (the kernel refuses it up: ENOTCONN).
 *
 * @param host the end that stays
 * @param peer the end for the container
 * @param mtu of both ends, in bytes; 1500 when empty
 * @param master the index of the bridge that the host end becomes a port of
 * @param portFlags flags of that port; all others are cleared
 * @param alias of the host end, at most 255 bytes
 * @param ipv6AddressGeneration of the host end
 * @param peerNamespace where the peer is placed; beside the host end when empty
 */
public record VethCreation(
        VethEnd host,
        VethEnd peer,
        OptionalInt mtu,
        OptionalInt master,
        Set<BridgePortFlag> portFlags,
        Optional<String> alias,
        Ipv6AddressGeneration ipv6AddressGeneration,
        Optional<Descriptor> peerNamespace) {

    /**
     * @throws IllegalArgumentException for port flags without a bridge
     */
    public VethCreation {
        portFlags = Set.copyOf(portFlags);
        if (!portFlags.isEmpty() && master.isEmpty()) {
            throw new IllegalArgumentException("bridge port flags " + portFlags + " without a bridge");
        }
    }

    /** A pair in one namespace, in no bridge. */
    public static VethCreation of(VethEnd host, VethEnd peer) {
        return new VethCreation(
                host,
                peer,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Set.of(),
                Optional.empty(),
                Ipv6AddressGeneration.EUI64,
                Optional.empty());
    }

    /** The same with this MTU on both ends, in bytes. */
    public VethCreation withMtu(int bytes) {
        return new VethCreation(
                host, peer, OptionalInt.of(bytes), master, portFlags, alias, ipv6AddressGeneration, peerNamespace);
    }

    /** The same with the host end as a port of the bridge with this index. */
    public VethCreation withMaster(int bridge, Set<BridgePortFlag> flags) {
        return new VethCreation(
                host, peer, mtu, OptionalInt.of(bridge), flags, alias, ipv6AddressGeneration, peerNamespace);
    }

    /** The same with an alias on the host end. */
    public VethCreation withAlias(String text) {
        return new VethCreation(
                host, peer, mtu, master, portFlags, Optional.of(text), ipv6AddressGeneration, peerNamespace);
    }

    /** The same with another way of making the host end's link-local address. */
    public VethCreation withIpv6AddressGeneration(Ipv6AddressGeneration generation) {
        return new VethCreation(host, peer, mtu, master, portFlags, alias, generation, peerNamespace);
    }

    /** The same with the peer in another network namespace. */
    public VethCreation withPeerNamespace(Descriptor namespace) {
        return new VethCreation(
                host, peer, mtu, master, portFlags, alias, ipv6AddressGeneration, Optional.of(namespace));
    }
}
