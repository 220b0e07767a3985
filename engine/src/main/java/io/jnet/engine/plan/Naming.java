package io.jnet.engine.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.link.LinkIdentity;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.link.Particulars;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names, aliases and MAC addresses of the links that jnet makes: public, since people match on them, and functions of what they belong to,
 * so that what is built again is the same again.
 */
public final class Naming {
    private static final String PEER_LINK_PREFIX = "jp";
    private static final int LINK_DIGITS = 13;
    private static final String RULESET_OWNER = "jnet ";

    private volatile String instance;

    /** @param instance the identity of the state */
    public Naming(String instance) {
        this.instance = instance;
    }

    /** Names for a state that has taken over the identity of a lost one. */
    public void become(String other) {
        instance = other;
    }

    /** The identity of the state. */
    public String instance() {
        return instance;
    }

    /** The given name, or {@code jbr-} and the first 11 characters of the network's id. */
    public InterfaceName bridge(NetworkSpec spec) {
        return spec.bridge().orElseGet(() -> bridge(spec.id()));
    }

    /** {@code jbr-} and the first 11 characters of the network's id. */
    public InterfaceName bridge(NetworkId network) {
        String id = network.value();
        int digits = InterfaceName.MAX_LENGTH - Network.BRIDGE_PREFIX.length();
        return new InterfaceName(Network.BRIDGE_PREFIX + id.substring(0, Math.min(digits, id.length())));
    }

    /** The same for a network's id on one state, whenever its bridge is built. */
    public MacAddress bridgeMac(NetworkId id) {
        return mac("bridge " + instance + " " + id);
    }

    /** By what a network's bridge is known again. */
    public LinkIdentity bridgeLink(Network network) {
        return new LinkIdentity(network.bridge(), network.bridgeMac(), alias(network));
    }

    /** {@code jv} and 13 hex digits: the end of the veth pair that is a port of the bridge. */
    public InterfaceName hostLink(EndpointId id) {
        return new InterfaceName(Endpoint.HOST_LINK_PREFIX + digits(id));
    }

    /** {@code jp} and 13 hex digits: the container's end before the runtime moves and renames it. */
    public InterfaceName peerLink(EndpointId id) {
        return new InterfaceName(PEER_LINK_PREFIX + digits(id));
    }

    /** {@code ji} and 13 hex digits: the ifb link that delays what the container sends. */
    public InterfaceName shaper(EndpointId id) {
        return new InterfaceName(Endpoint.SHAPER_PREFIX + digits(id));
    }

    /**
     * A function of network and address: a container that gets the address of another one has its MAC address too, so that no neighbour
     * has to notice. Of the IPv4 address where there is one: a container that keeps that may get another IPv6 address each time.
     */
    public MacAddress endpointMac(EndpointSpec spec) {
        List<IpPrefix> addresses = spec.addresses();
        List<IpPrefix> ipv4 = addresses.stream()
                .filter(address -> address.family() == AddressFamily.INET)
                .toList();
        String owner = addresses.isEmpty()
                ? spec.id().value()
                : (ipv4.isEmpty() ? addresses : ipv4)
                        .stream().map(Object::toString).sorted().collect(Collectors.joining(" "));
        return mac("endpoint " + instance + " " + spec.network() + " " + owner);
    }

    /** What marks a bridge as a network's. */
    public String alias(Network network) {
        return new LinkMark(instance, LinkMark.Owner.NETWORK, network.id().value(), NetworkParticulars.of(network))
                .alias();
    }

    /** What marks the host's end of a veth pair as an endpoint's. */
    public String alias(Network network, Endpoint endpoint) {
        return new LinkMark(
                        instance,
                        LinkMark.Owner.ENDPOINT,
                        endpoint.id().value(),
                        EndpointParticulars.of(network, endpoint))
                .alias();
    }

    /** What marks an ifb link as an endpoint's. */
    String shaperAlias(EndpointId id) {
        return new LinkMark(instance, LinkMark.Owner.ENDPOINT, id.value(), Particulars.NONE).alias();
    }

    /** What marks the ruleset as this state's. */
    public String rulesetOwner() {
        return rulesetOwner(instance);
    }

    /** What marks the ruleset as a state's. */
    public static String rulesetOwner(String instance) {
        return RULESET_OWNER + instance;
    }

    /** The state whose ruleset has an owner: the inverse of {@link #rulesetOwner(String)}. */
    public static String instanceOf(String owner) {
        return owner.startsWith(RULESET_OWNER) ? owner.substring(RULESET_OWNER.length()) : owner;
    }

    private static String digits(EndpointId id) {
        String value = id.value();
        if (value.length() >= LINK_DIGITS && value.substring(0, LINK_DIGITS).matches("[0-9a-f]+")) {
            return value.substring(0, LINK_DIGITS);
        }
        return HexFormat.of().formatHex(digest(value)).substring(0, LINK_DIGITS);
    }

    private static MacAddress mac(String owner) {
        byte[] bytes = Arrays.copyOf(digest(owner), MacAddress.LENGTH);
        // Locally administered, not a group address (IEEE 802c).
        bytes[0] = 0x02;
        return MacAddress.of(bytes);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
