package io.jnet.engine.firewall;

import io.jnet.netlink.address.AddressFamily;
import java.util.List;
import java.util.Locale;

/** The sets and maps of the table. Those of addresses exist twice, for IPv4 with a 4 and for IPv6 with a 6 at the name's end. */
enum TableSet {
    /** All bridges of networks. */
    BRIDGES("ifname"),
    /** Bridges of internal networks. */
    INTERNAL_BRIDGES("ifname"),
    /** Bridges that are the host's own way out. */
    UPLINK_BRIDGES("ifname"),
    /** Bridge and the same bridge again: networks whose containers reach each other. nft cannot compare two names. */
    INTER_CONTAINER("ifname . ifname"),

    SUBNETS4("ifname . ipv4_addr", Kind.INTERVAL),
    SUBNETS6("ifname . ipv6_addr", Kind.INTERVAL),

    /** Addresses of bridges that lead into guests of others. */
    FOREIGN_GATEWAYS4("ipv4_addr"),
    FOREIGN_GATEWAYS6("ipv6_addr"),

    /** Addresses of jnet's bridges. */
    GATEWAYS4("ipv4_addr"),
    GATEWAYS6("ipv6_addr"),

    /** Subnets whose packets leave with the host's address. */
    MASQUERADE4("ipv4_addr", Kind.INTERVAL),
    MASQUERADE6("ipv6_addr", Kind.INTERVAL),

    /** Subnet and subnet of one network: its way back to itself through a published port. */
    HAIRPIN4("ipv4_addr . ipv4_addr", Kind.INTERVAL),
    HAIRPIN6("ipv6_addr . ipv6_addr", Kind.INTERVAL),

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
    PUBLISHED_RANGES6("inet_proto . inet_service : ipv6_addr", Kind.INTERVAL_MAP);

    private enum Kind {
        SET("set", ""),
        INTERVAL("set", "\t\tflags interval\n"),
        MAP("map", "\t\tcounter\n"),
        INTERVAL_MAP("map", "\t\tflags interval\n\t\tcounter\n");

        private final String keyword;
        private final String properties;

        Kind(String keyword, String properties) {
            this.keyword = keyword;
            this.properties = properties;
        }
    }

    /** The sets that {@link Surroundings} fill. */
    static final List<TableSet> OF_SURROUNDINGS = List.of(UPLINK_BRIDGES, FOREIGN_GATEWAYS4, FOREIGN_GATEWAYS6);

    private final String type;
    private final Kind kind;

    TableSet(String type) {
        this(type, Kind.SET);
    }

    TableSet(String type, Kind kind) {
        this.type = type;
        this.kind = kind;
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
        return "\t\ttype " + type + "\n" + kind.properties;
    }

    /** This set or its twin, whichever is for the family; this must be the IPv4 one. */
    TableSet of(AddressFamily family) {
        return family == AddressFamily.INET ? this : valueOf(name().replace('4', '6'));
    }
}
