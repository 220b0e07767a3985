package io.jnet.daemon.ruleset;

import java.util.List;

/**
 * A kind of network that has a document.
 *
 * @param file the document's name without its ending
 * @param summary one sentence or two
 * @param before what was there before the network, as command lines of ip(8)
 * @param request what makes a network of the kind
 */
record NetworkKind(String file, String summary, List<String> before, NetworkRequest request) {

    private NetworkKind(String file, String summary, NetworkRequest request) {
        this(file, summary, List.of(), request);
    }

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
                        web.with("io.jnet.allow_routers", "true")),
                new NetworkKind(
                        "host-address",
                        "Packets leave with an address of the network's choice instead of that of the interface by which they leave.",
                        web.withIpv6()
                                .with("com.docker.network.host_ipv4", "198.51.100.2")
                                .with("com.docker.network.host_ipv6", "2001:db8::2")),
                new NetworkKind(
                        "routed",
                        "Nothing is translated, no port of the host is taken. Who has a route reaches published ports at the"
                                + " container's own address, and may ping; nothing else.",
                        web.withIpv6()
                                .with("com.docker.network.bridge.gateway_mode_ipv4", "routed")
                                .with("com.docker.network.bridge.gateway_mode_ipv6", "routed")),
                new NetworkKind(
                        "routed-ipv6",
                        "IPv4 translated, IPv6 routed.",
                        web.withIpv6().with("com.docker.network.bridge.gateway_mode_ipv6", "routed")),
                new NetworkKind(
                        "nat-unprotected",
                        "As nat; and who has a route reaches every port of every container.",
                        web.with("com.docker.network.bridge.gateway_mode_ipv4", "nat-unprotected")),
                new NetworkKind(
                        "isolated",
                        "Internal, and the bridge has no address: the host and the containers do not reach each other.",
                        web.internal().with("com.docker.network.bridge.gateway_mode_ipv4", "isolated")),
                new NetworkKind(
                        "trusted-interfaces",
                        "As nat; and from these interfaces published ports are reached at the container's own address.",
                        web.with("com.docker.network.bridge.trusted_host_interfaces", "wg0:eth3")),
                new NetworkKind(
                        "inhibit-ipv4",
                        "The bridge has no IPv4 address: the gateway is another machine on the network. Packets from behind it have"
                                + " any source.",
                        web.with("com.docker.network.bridge.inhibit_ipv4", "true")),
                new NetworkKind(
                        "routes",
                        "Containers get routes of their own; what lies there is a source of packets too.",
                        web.with("io.jnet.routes", "10.9.0.0/16 via 10.77.0.5")),
                new NetworkKind(
                        "adopted-bridge",
                        "On a bridge that was there already, with an address of its own: that is reached as before, and machines on the"
                                + " bridge send from any source.",
                        List.of("ip link add br0 type bridge", "ip address add 10.77.0.1/24 dev br0"),
                        web.with("com.docker.network.bridge.name", "br0")),
                new NetworkKind(
                        "cni-without-addresses",
                        "A network of CNI that carries frames between its containers and nothing else: the host takes nothing from its"
                                + " bridge and forwards nothing for it. No port is published.",
                        new CniConfiguration("\"ipam\": {}")),
                new NetworkKind(
                        "cni-after-another-plugin",
                        "Ports of a container whose interface another plugin of CNI has made, here at 10.77.0.2 too: the rules know its"
                                + " address and its neighbours', and no bridge.",
                        new CniConfiguration(
                                "{\"type\": \"ptp\", \"ipam\": {\"type\": \"host-local\", \"subnet\": \"10.77.0.0/24\"}}",
                                "\"capabilities\": {\"portMappings\": true}")));
    }
}
