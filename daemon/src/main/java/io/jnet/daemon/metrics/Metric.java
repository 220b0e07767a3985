package io.jnet.daemon.metrics;

import java.util.List;

/**
 * Every metric: its name, what it means, and its labels. The page {@code docs/metrics.md} is made from this.
 *
 * <p>Labels are few. None is a container's or an endpoint's identity: those are new for each container, and a series for each would stay in
 * the database for ever.
 */
enum Metric {
    BUILD(Kind.GAUGE, "jnet_build_info", "Always 1; the labels say which jnet runs on which Java.", "version", "java"),
    STARTED(Kind.GAUGE, "jnet_start_time_seconds", "When the daemon started, in seconds since 1970."),
    HEALTHY(Kind.GAUGE, "jnet_healthy", "1 when jnet works as it should, 0 when /health says what is wrong."),
    HEAP(
            Kind.GAUGE,
            "jnet_heap_used_bytes",
            "What the daemon's Java heap holds at the moment; it may grow to 64 MiB, unless -Xmx says otherwise."),
    OPERATIONS(
            Kind.HISTOGRAM,
            "jnet_operation_duration_seconds",
            "How long operations took, from the whole request to its answer; the count is how many there were.",
            "front_end",
            "operation",
            "result"),
    ERRORS(
            Kind.COUNTER,
            "jnet_operation_errors_total",
            "Operations that failed, by the category of the failure.",
            "front_end",
            "code"),
    MENDED(
            Kind.COUNTER,
            "jnet_mended_total",
            "How often what somebody else had undone on the host was mended, since the daemon started.",
            "kind"),
    NETWORKS(Kind.GAUGE, "jnet_networks", "Networks."),
    ENDPOINTS(Kind.GAUGE, "jnet_endpoints", "Endpoints of containers, by their state.", "state"),
    PORTS(Kind.GAUGE, "jnet_published_ports", "Ports of the host that are published; each of a range counts."),
    CLASHES(Kind.GAUGE, "jnet_port_clashes", "Published ports that another process took while no daemon held them."),
    POOLS(Kind.GAUGE, "jnet_pools", "Address pools."),
    LEASES(Kind.GAUGE, "jnet_pool_leases", "Leased addresses of the pools of one range.", "pool"),
    ADDRESSES(Kind.GAUGE, "jnet_pool_addresses", "Addresses that the pools of one range can give.", "pool"),
    NETWORK_BYTES(
            Kind.COUNTER,
            "jnet_network_bytes_total",
            "Bytes between a network's containers and the host, with all beyond it, since its bridge was made. Containers of one network"
                    + " reach each other without the host, and are not counted.",
            "network",
            "direction"),
    NETWORK_PACKETS(Kind.COUNTER, "jnet_network_packets_total", "The packets of those bytes.", "network", "direction"),
    CONNECTIONS(
            Kind.COUNTER,
            "jnet_port_connections_total",
            "Connections that the kernel has led to a container by a published port, or by a run of ports, since it was published; for"
                    + " UDP and SCTP flows. Not what the daemon serves itself.",
            "network",
            "protocol",
            "address",
            "port"),
    LEFT_OUT(
            Kind.GAUGE,
            "jnet_left_out",
            "How many networks, pools or published ports are not among the series, since there are too many.",
            "of"),
    FAILED_READINGS(
            Kind.COUNTER,
            "jnet_failed_readings_total",
            "How often the kernel's counters could not be read; the last ones that could are told then.",
            "of");

    enum Kind {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    private final Kind kind;
    private final String text;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> labels;

    Metric(Kind kind, String text, String help, String... labels) {
        this.kind = kind;
        this.text = text;
        this.help = help;
        this.labels = List.of(labels);
    }

    Kind kind() {
        return kind;
    }

    /** The name as Prometheus has it. */
    String text() {
        return text;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }
}
