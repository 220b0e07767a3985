package io.jnet.netlink.link;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A link as the kernel described it.
 *
 * @param header index, type and flags
 * @param attributes everything else, known or not, in the kernel's order
 */
public record Link(LinkHeader header, Attributes attributes) {
    private static final int AF_BRIDGE = 7;

    static final long IFF_UP = 0x1;
    static final long IFF_LOOPBACK = 0x8;
    static final long IFF_PROMISC = 0x100;
    static final long IFF_ALLMULTI = 0x200;
    private static final long IFF_RUNNING = 0x40;
    private static final long IFF_LOWER_UP = 0x10000;
    private static final long IFF_DORMANT = 0x20000;
    /** What the kernel says, and nobody sets (IFF_VOLATILE in linux/if.h has more). */
    private static final long OPERATIONAL = IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT;

    /**
     * Reads an RTM_NEWLINK or RTM_DELLINK message, an answer or an event.
     *
     * @throws io.jnet.netlink.NetlinkException when it is malformed
     */
    public static Link decode(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        Link link = new Link(LinkHeader.read(reader), Attributes.read(reader));
        reader.finish("link message");
        return link;
    }

    /** The index: unique within its namespace, never 0. */
    public int index() {
        return header.index();
    }

    /** The name; any text that Linux allows, so nothing to build a command or path from: see {@link InterfaceName}. */
    public String name() {
        return attributes.get(LinkAttribute.IFLA_IFNAME).orElse("");
    }

    /** The Ethernet address; empty for links that have none, or one of another length. */
    public Optional<MacAddress> mac() {
        return attributes
                .get(LinkAttribute.IFLA_ADDRESS)
                .filter(bytes -> bytes.length == MacAddress.LENGTH)
                .map(MacAddress::of);
    }

    /** The MTU in bytes. */
    public long mtu() {
        return attributes.get(LinkAttribute.IFLA_MTU).orElse(0L);
    }

    /** Whether it was told to take frames for every address (IFF_PROMISC), not counting what the kernel does for a bridge. */
    public boolean isPromiscuous() {
        return (header.flags() & IFF_PROMISC) != 0;
    }

    /** Whether it was set up (IFF_UP); whether it can carry anything is {@link #hasCarrier()}. */
    public boolean isUp() {
        return (header.flags() & IFF_UP) != 0;
    }

    /** Whether it is up and its other side too (IFF_LOWER_UP). */
    public boolean hasCarrier() {
        return (header.flags() & IFF_LOWER_UP) != 0;
    }

    /** Its flags but for those that come and go with its carrier: those of a bridge do with its first port and its last one. */
    public long settledFlags() {
        return header.flags() & ~OPERATIONAL;
    }

    /** How often it came to have a carrier, in whatever namespace: 0 for a veth that was never in use (Linux 4.16 and later). */
    public long carrierUpCount() {
        return attributes.get(LinkAttribute.IFLA_CARRIER_UP_COUNT).orElse(0L);
    }

    /** Whether it is {@code lo}. */
    public boolean isLoopback() {
        return (header.flags() & IFF_LOOPBACK) != 0;
    }

    /** The state of RFC 2863. */
    public OperationalState operationalState() {
        return OperationalState.of(attributes.get(LinkAttribute.IFLA_OPERSTATE).orElse(0));
    }

    /** The index of the bridge (or other master) that it is a port of. */
    public OptionalInt master() {
        return attributes.get(LinkAttribute.IFLA_MASTER).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The index of the other end of a veth pair, counted in the namespace where that is: {@link #isPeerElsewhere()}. */
    public OptionalInt peer() {
        return attributes.get(LinkAttribute.IFLA_LINK).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** Whether the peer is in another network namespace. */
    public boolean isPeerElsewhere() {
        return attributes.has(LinkAttribute.IFLA_LINK_NETNSID);
    }

    /** The alias; empty when there is none. */
    public Optional<String> alias() {
        return attributes.get(LinkAttribute.IFLA_IFALIAS);
    }

    /** What went through it; empty in what bridges tell of their ports. */
    public Optional<LinkStatistics> statistics() {
        return attributes.get(LinkAttribute.IFLA_STATS64);
    }

    /** The group number; 0 for a link that is in none. */
    public long group() {
        return attributes.get(LinkAttribute.IFLA_GROUP).orElse(0L);
    }

    /** The kind of a virtual link; empty for hardware and {@code lo}. */
    public Optional<LinkKind> kind() {
        return LinkKind.decode(info());
    }

    /** The flags that are set on it as a bridge's port, also where a bridge tells of its port ({@link #isToldByBridge}). */
    public Set<BridgePortFlag> bridgePortFlags() {
        return isToldByBridge()
                ? BridgePortFlag.among(
                        attributes.get(LinkAttribute.IFLA_PROTINFO).orElse(Attributes.none()))
                : BridgePortFlag.decode(info());
    }

    /** Whether this is of the family AF_BRIDGE: about a port or a bridge, without its kind and alias. */
    public boolean isToldByBridge() {
        return header.family() == AF_BRIDGE;
    }

    private Attributes info() {
        return attributes.get(LinkAttribute.IFLA_LINKINFO).orElse(Attributes.none());
    }
}
