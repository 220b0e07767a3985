package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.nftables.TableFamily;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The sets and maps of both tables; no two have one name. Those of addresses exist twice, for IPv4 with a 4 and for IPv6 with a 6 at the
 * name's end.
 */
enum TableSet {
    /** All bridges of networks. */
    BRIDGES("ifname"),
    /** From a network's bridge to its chain. Part of the rules, not of the elements: see {@link NetworkChain}. */
    NETWORKS("ifname : verdict", Kind.PLAIN_MAP),
    /** Bridges of internal networks. */
    INTERNAL_BRIDGES("ifname"),
    /** Bridges of networks that were there before them: machines of others may be on them. */
    ADOPTED_BRIDGES("ifname"),
    /** Bridges that are the host's own way out. */
    UPLINK_BRIDGES("ifname"),
    /** Bridge and the same bridge again: networks whose containers reach each other. nft cannot compare two names. */
    INTER_CONTAINER("ifname . ifname"),

    /** Bridges of networks whose containers are reached by a route, at their open ports. */
    ROUTED4("ifname"),
    ROUTED6("ifname"),
    /** Bridges of networks whose containers are reached by a route, at all ports. */
    UNPROTECTED4("ifname"),
    UNPROTECTED6("ifname"),
    /** Bridges that the host and the containers do not meet on. */
    ISOLATED4("ifname"),
    ISOLATED6("ifname"),
    /** Interface of the host, and bridge of a network that lets it reach open ports. */
    TRUSTED("ifname . ifname"),
    /** Interfaces of the host that forward because of jnet alone. */
    OPENED4("ifname"),
    OPENED6("ifname"),
    /** Bridges of others that packets from those do not leave by. */
    CLOSED_BRIDGES4("ifname"),
    CLOSED_BRIDGES6("ifname"),
    /** Such a bridge and itself again: with br_netfilter, frames between two of its ports. */
    SAME_BRIDGE("ifname . ifname"),

    /** Bridges of networks that let in by certain sources only. */
    LIMITED("ifname"),
    /** Such a bridge, and where those come from. */
    ADMITTED4("ifname . ipv4_addr", Kind.INTERVAL),
    ADMITTED6("ifname . ipv6_addr", Kind.INTERVAL),
    /** Bridges of networks into which the host's own forward rules let. */
    FIREWALLED("ifname"),
    /** The same three for containers that say so themselves. */
    LIMITED_CONTAINERS4("ipv4_addr"),
    LIMITED_CONTAINERS6("ipv6_addr"),
    ADMITTED_TO_CONTAINERS4("ipv4_addr . ipv4_addr", Kind.INTERVAL),
    ADMITTED_TO_CONTAINERS6("ipv6_addr . ipv6_addr", Kind.INTERVAL),
    FIREWALLED_CONTAINERS4("ipv4_addr"),
    FIREWALLED_CONTAINERS6("ipv6_addr"),
    /** Protocols whose translated packets the host's firewall accepts without a look at its policies. */
    UNASKED("inet_proto"),
    /** What those policies let through, from interface to bridge. */
    PASSAGES("ifname . ifname . inet_proto . inet_service", Kind.INTERVAL),

    SUBNETS4("ifname . ipv4_addr", Kind.INTERVAL),
    SUBNETS6("ifname . ipv6_addr", Kind.INTERVAL),

    /** Addresses of jnet's bridges. */
    GATEWAYS4("ipv4_addr"),
    GATEWAYS6("ipv6_addr"),

    /** Bridge and its address, where names are answered for what comes by that bridge. */
    RESOLVERS4("ifname . ipv4_addr"),
    RESOLVERS6("ifname . ipv6_addr"),
    /** Those of them that listen elsewhere than at port 53, and where. */
    MOVED_RESOLVERS4("ifname . ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service", Kind.PLAIN_MAP),
    MOVED_RESOLVERS6("ifname . ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service", Kind.PLAIN_MAP),

    /** Subnets whose packets leave with the host's address, or, where another one is given, only into other networks with that. */
    MASQUERADE4("ipv4_addr", Kind.INTERVAL),
    MASQUERADE6("ipv6_addr", Kind.INTERVAL),

    /** Subnets whose packets leave with an address of their own choice. */
    SOURCE_ADDRESS4("ipv4_addr : ipv4_addr", Kind.PLAIN_INTERVAL_MAP),
    SOURCE_ADDRESS6("ipv6_addr : ipv6_addr", Kind.PLAIN_INTERVAL_MAP),

    /** Subnet and subnet of one network: its way back to itself through a published port. */
    HAIRPIN4("ipv4_addr . ipv4_addr", Kind.INTERVAL),
    HAIRPIN6("ipv6_addr . ipv6_addr", Kind.INTERVAL),

    /** Subnet and address of containers on links of others to which published ports lead. */
    FOREIGN_TARGETS4("ipv4_addr . ipv4_addr", Kind.INTERVAL),
    FOREIGN_TARGETS6("ipv6_addr . ipv6_addr", Kind.INTERVAL),

    /** Ports that are reached at a container's own address. */
    OPEN_PORTS4("ipv4_addr . inet_proto . inet_service", Kind.INTERVAL),
    OPEN_PORTS6("ipv6_addr . inet_proto . inet_service", Kind.INTERVAL),

    /** Ports of one host address. */
    PUBLISHED_ADDRESS4("ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service", Kind.MAP),
    PUBLISHED_ADDRESS6("ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service", Kind.MAP),
    /** Ports of every host address. */
    PUBLISHED4("inet_proto . inet_service : ipv4_addr . inet_service", Kind.MAP),
    PUBLISHED6("inet_proto . inet_service : ipv6_addr . inet_service", Kind.MAP),
    /** Runs of ports of one host address, one element each. */
    PUBLISHED_ADDRESS_RANGES4("ipv4_addr . inet_proto . inet_service : ipv4_addr", Kind.INTERVAL_MAP),
    PUBLISHED_ADDRESS_RANGES6("ipv6_addr . inet_proto . inet_service : ipv6_addr", Kind.INTERVAL_MAP),
    /** Runs of ports of every host address, one element each. */
    PUBLISHED_RANGES4("inet_proto . inet_service : ipv4_addr", Kind.INTERVAL_MAP),
    PUBLISHED_RANGES6("inet_proto . inet_service : ipv6_addr", Kind.INTERVAL_MAP),

    /** Ports of bridges whose container may be a router or DHCP server to its neighbours. */
    ROUTER_PORTS("ifname", Kind.SET, TableFamily.BRIDGE),
    /** Ports whose container may only speak for itself: with what the next sets have for them. */
    SECURED_PORTS("ifname", Kind.SET, TableFamily.BRIDGE),
    /** Those of them whose container may only use its own IP addresses, too. */
    ADDRESSED_PORTS("ifname", Kind.SET, TableFamily.BRIDGE),
    PORT_MACS("ifname . ether_addr", Kind.SET, TableFamily.BRIDGE),
    PORT_ADDRESSES4("ifname . ipv4_addr", Kind.SET, TableFamily.BRIDGE),
    PORT_ADDRESSES6("ifname . ipv6_addr", Kind.SET, TableFamily.BRIDGE),
    /** The IPv6 addresses again: nft before 1.0.8 has no name, hence no type, for the target of neighbour discovery. */
    PORT_TARGETS6("typeof iifname . @th,64,128", Kind.SET, TableFamily.BRIDGE),
    /** Address of one of jnet's bridges to its MAC address; IPv6 as above. */
    GATEWAY_MACS4("ipv4_addr : ether_addr", Kind.PLAIN_MAP, TableFamily.BRIDGE),
    GATEWAY_MACS6("typeof @th,64,128 : ether daddr", Kind.PLAIN_MAP, TableFamily.BRIDGE);

    private enum Kind {
        SET("set", ""),
        INTERVAL("set", "\t\tflags interval\n"),
        MAP("map", "\t\tcounter\n"),
        PLAIN_MAP("map", ""),
        PLAIN_INTERVAL_MAP("map", "\t\tflags interval\n"),
        INTERVAL_MAP("map", "\t\tflags interval\n\t\tcounter\n");

        private final String keyword;
        private final String properties;

        Kind(String keyword, String properties) {
            this.keyword = keyword;
            this.properties = properties;
        }
    }

    /** The maps that {@link MovedResolver}s fill. */
    static final List<TableSet> OF_MOVED_RESOLVERS = List.of(MOVED_RESOLVERS4, MOVED_RESOLVERS6);

    /** The sets that {@link Surroundings} fill. */
    static final List<TableSet> OF_SURROUNDINGS =
            List.of(UPLINK_BRIDGES, OPENED4, OPENED6, CLOSED_BRIDGES4, CLOSED_BRIDGES6, SAME_BRIDGE, UNASKED, PASSAGES);

    private final String type;
    private final Kind kind;
    private final TableFamily table;

    TableSet(String type) {
        this(type, Kind.SET);
    }

    TableSet(String type, Kind kind) {
        this(type, kind, TableFamily.INET);
    }

    TableSet(String type, Kind kind, TableFamily table) {
        this.table = table;
        this.type = type;
        this.kind = kind;
    }

    /** The sets of one table. */
    static List<TableSet> of(TableFamily table) {
        return Arrays.stream(values()).filter(set -> set.table == table).toList();
    }

    /** The set's name in the table: {@code published_ranges4}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What opens the declaration: {@code map published4}. */
    String declaration() {
        return kind.keyword + " " + text();
    }

    /** The lines of the declaration before the elements, indented. */
    String properties() {
        return "\t\t" + (type.startsWith("typeof ") ? "" : "type ") + type + "\n" + kind.properties;
    }

    /** This set or its twin, whichever is for the family; this must be the IPv4 one. */
    TableSet of(AddressFamily family) {
        return family == AddressFamily.INET ? this : valueOf(name().replace('4', '6'));
    }
}
