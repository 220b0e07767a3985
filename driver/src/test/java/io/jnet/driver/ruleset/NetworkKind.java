package io.jnet.driver.ruleset;

import java.util.List;

/**
 * A kind of network that has a document.
 *
 * @param file the document's name without its ending
 * @param summary one sentence or two
 * @param command what makes a network of the kind
 */
record NetworkKind(String file, String summary, NetworkCommand command) {

    /** All kinds; the first is the one that others are compared with. */
    static List<NetworkKind> all() {
        NetworkCommand web = NetworkCommand.web();
        return List.of(
                new NetworkKind(
                        "nat",
                        "The default. Packets leave with the host's address, and enter by published ports.",
                        web),
                new NetworkKind("dual-stack", "IPv4 and IPv6, both translated.", web.withIpv6()),
                new NetworkKind(
                        "internal",
                        "Nothing leaves and nothing enters; the host and the containers reach each other. No port is published.",
                        web.internal()),
                new NetworkKind(
                        "icc-off",
                        "Containers do not reach each other. Frames between two ports of the bridge are kept back by the ports'"
                                + " flag `isolated`; the rules are for packets that are routed.",
                        web.with("com.docker.network.bridge.enable_icc", "false")),
                new NetworkKind(
                        "masquerade-off",
                        "Packets leave with the container's own address; published ports work as ever.",
                        web.with("com.docker.network.bridge.enable_ip_masquerade", "false")),
                new NetworkKind(
                        "port-security",
                        "Containers speak for themselves only, with their own MAC and IP addresses.",
                        web.with("io.jnet.port_security", "true")),
                new NetworkKind(
                        "allow-routers",
                        "Containers may be routers and DHCP servers to their neighbours.",
                        web.with("io.jnet.allow_routers", "true")));
    }
}
