package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.nftables.Nftables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host between containers and the outside, with real links.
 *
 * <pre>
 *  outside 198.51.100.9 --- 198.51.100.1 up0 host jbr-a 10.77.0.1 --- a1 10.77.0.2, a2 10.77.0.3   masquerade, containers meet
 *          2001:db8::9      2001:db8::1          jbr-b 10.78.0.1 --- b1 10.78.0.2, b2 10.78.0.3   masquerade, containers do not meet
 *  knows a route to each                         jbr-c 10.79.0.1 --- c1 10.79.0.2, c2 10.79.0.3   internal
 *                                                other 10.80.0.1 --- d1 10.80.0.2                 somebody else's bridge
 * </pre>
 *
 * <p>IPv6 likewise: {@code fd00:77::2} and so on. Everybody answers UDP on port 53 and TCP on port 80.
 */
final class PacketLab implements AutoCloseable {
    static final int UDP = 53;
    static final int TCP = 80;
    /** Something that is answered, or not. */
    interface Attempt {
        Optional<String> within(int millis);
    }

    /** How long a refused packet is waited for; the counter of the rule that drops it is checked as well. */
    private static final int REFUSED_MILLIS = 250;

    final Peer host = new Peer();
    final Peer outside = new Peer();
    final Peer a1 = new Peer();
    final Peer a2 = new Peer();
    final Peer b1 = new Peer();
    final Peer b2 = new Peer();
    final Peer c1 = new Peer();
    final Peer c2 = new Peer();
    final Peer d1 = new Peer();
    final NftFirewall firewall;

    private final Map<String, NetworkRules> networks = new TreeMap<>();
    private final List<PortRule> ports = new ArrayList<>();
    private final List<BridgePortRules> bridgePorts = new ArrayList<>();
    private Surroundings surroundings = Surroundings.NONE;

    private PacketLab() {
        firewall = host.call(NftFirewall::open);
    }

    /** Builds everything. */
    static PacketLab create(int bridgeCallsIptables) {
        PacketLab lab = new PacketLab();
        lab.networks.putAll(networks());
        lab.build(bridgeCallsIptables);
        lab.install();
        return lab;
    }

    /** Publishes host ports of every address, TCP and UDP, for an address of a container. */
    void publish(String hostAddress, PortRange hostPorts, String containerAddress, int containerPort) {
        List<Publication> more = new ArrayList<>();
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            more.add(new Publication(
                    protocol,
                    IpAddress.parse(hostAddress),
                    hostPorts,
                    IpAddress.parse(containerAddress),
                    containerPort));
        }
        ports.addAll(more);
        firewall.publish(more);
    }

    /** Tells the rules the MAC address of a network's bridge, as jnet knows it of its own. */
    void knowMac(String network) {
        Optional<MacAddress> mac = Optional.of(MacAddress.parse(host.mac("jbr-" + network)));
        change(network, rules -> with(rules, rules.exterior(), mac, rules.resolvers()));
    }

    /** Has names answered at a network's gateways. */
    void resolve(String network) {
        change(network, rules -> with(rules, rules.exterior(), rules.mac(), rules.gateways()));
    }

    /** Opens a port of a container at its own address, TCP and UDP. */
    void open(String containerAddress, int port) {
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            ports.add(new Opening(protocol, IpAddress.parse(containerAddress), PortRange.of(port)));
        }
        install();
    }

    /** Has a network meet the outside in another way. */
    void setExterior(String network, Exterior exterior) {
        change(network, rules -> with(rules, exterior, rules.mac(), rules.resolvers()));
    }

    private void change(String network, UnaryOperator<NetworkRules> change) {
        networks.computeIfPresent(network, (name, rules) -> change.apply(rules));
        install();
    }

    private static NetworkRules with(
            NetworkRules rules, Exterior exterior, Optional<MacAddress> mac, List<IpAddress> resolvers) {
        return new NetworkRules(
                rules.bridge(),
                rules.subnets(),
                rules.gateways(),
                rules.flags(),
                exterior,
                rules.sources(),
                mac,
                resolvers);
    }

    /** Has one container say who may come in. */
    void restrict(Restriction restriction) {
        ports.add(restriction);
        install();
    }

    /** Has the rules know what a zone firewall's policies let through. */
    void passages(Set<Passage> passages) {
        surroundings = new Surroundings(surroundings.uplinkBridges(), surroundings.guards(), Optional.of(passages));
        firewall.setSurroundings(surroundings);
    }

    /** Gives the host rules of its own. */
    void load(String commands) {
        host.call(() -> {
            try (Nftables nftables = Nftables.open()) {
                nftables.run("load", commands);
                return nftables;
            }
        });
    }

    /** Makes the rules what they should be. */
    void install() {
        firewall.install(
                new FirewallState("jnet test", List.copyOf(networks.values()), ports, bridgePorts, surroundings));
    }

    /** The same as a process that answers no names has them. */
    void installWithoutNames() {
        firewall.install(new FirewallState(
                "jnet test", List.copyOf(networks.values()), ports, bridgePorts, surroundings, Optional.empty()));
    }

    /** Treats the port of a container in another way than others: {@code jva1}, with the container's own MAC address and these others. */
    void treat(String port, Peer peer, Set<NetworkFlag> flags, String... addresses) {
        bridgePorts.add(new BridgePortRules(
                new InterfaceName(port),
                MacAddress.parse(peer.mac()),
                Arrays.stream(addresses).map(IpAddress::parse).toList(),
                flags));
        install();
    }

    void allowUplinkBridge(String bridge) {
        surroundings = new Surroundings(Set.of(new InterfaceName(bridge)));
        install();
    }

    /**
     * The attempt fails because of the rule, and of nothing else: its counter rises; without it, and without its companions, the attempt
     * succeeds; with it again, it fails.
     *
     * @param rules the chain, a space and the rule as nft lists it without its counter's values; the first is the one that counts
     */
    void assertRefusedBy(Attempt attempt, String... rules) {
        assertRefusedBy("inet jnet", attempt, rules);
    }

    /** As {@link #assertRefusedBy(Attempt, String...)}, by rules of {@code table bridge jnet}. */
    void assertRefusedAtThePort(Attempt attempt, String... rules) {
        assertRefusedBy("bridge jnet", attempt, rules);
    }

    private void assertRefusedBy(String table, Attempt attempt, String... rules) {
        long before = count(table, rules[0]);
        assertThat(attempt.within(REFUSED_MILLIS)).as("refused by %s", rules[0]).isEmpty();
        assertThat(count(table, rules[0])).as("packets dropped by %s", rules[0]).isGreaterThan(before);
        for (String rule : rules) {
            String chain = rule.substring(0, rule.indexOf(' '));
            host.run("nft delete rule " + table + " " + chain + " handle "
                    + find(table, rule).group("handle"));
        }
        assertThat(attempt.within(Peer.ANSWER_MILLIS))
                .as("without %s", List.of(rules))
                .isPresent();
        install();
        assertThat(attempt.within(REFUSED_MILLIS)).as("with %s again", rules[0]).isEmpty();
    }

    @Override
    public void close() {
        firewall.close();
        everybody().forEach(Peer::close);
    }

    private List<Peer> everybody() {
        return List.of(host, outside, a1, a2, b1, b2, c1, c2, d1);
    }

    private long count(String table, String rule) {
        return Long.parseLong(find(table, rule).group("packets"));
    }

    private Matcher find(String table, String rule) {
        int space = rule.indexOf(' ');
        // As nft before 1.0.8 lists it.
        String listing = host.run("nft -a list chain " + table + " " + rule.substring(0, space))
                .replace("icmpv6 taddr", "@th,64,128");
        String expression = Pattern.quote(rule.substring(space + 1))
                .replace("counter", "\\E(counter packets (?<packets>\\d+) bytes \\d+)\\Q");
        Matcher matcher = Pattern.compile("\\t" + expression + " # handle (?<handle>\\d+)")
                .matcher(listing);
        assertThat(matcher.find()).as("%s in %s", rule, listing).isTrue();
        return matcher;
    }

    private static Map<String, NetworkRules> networks() {
        return Map.of(
                "a",
                network("a", "77", EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER)),
                "b",
                network("b", "78", EnumSet.of(NetworkFlag.MASQUERADE)),
                "c",
                network("c", "79", EnumSet.of(NetworkFlag.INTERNAL, NetworkFlag.INTER_CONTAINER)));
    }

    private static NetworkRules network(String name, String number, Set<NetworkFlag> flags) {
        return new NetworkRules(
                new InterfaceName("jbr-" + name),
                List.of(IpPrefix.parse("10." + number + ".0.0/24"), IpPrefix.parse("fd00:" + number + "::/64")),
                List.of(IpAddress.parse("10." + number + ".0.1"), IpAddress.parse("fd00:" + number + "::1")),
                flags);
    }

    private void build(int bridgeCallsIptables) {
        for (Peer peer : everybody()) {
            // A link's own IPv6 address would be tentative for a second, and neighbours could not be found.
            peer.run("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
        }
        host.run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
                + " net.bridge.bridge-nf-call-iptables=" + bridgeCallsIptables
                + " net.bridge.bridge-nf-call-ip6tables=" + bridgeCallsIptables);
        bridge("jbr-a", "77", a1, a2);
        bridge("jbr-b", "78", b1, b2);
        bridge("jbr-c", "79", c1, c2);
        bridge("other", "80", d1);
        cable(outside, "up0");
        host.run("ip address add 198.51.100.1/24 dev up0");
        host.run("ip address add 2001:db8::1/64 dev up0 nodad");
        outside.run("ip address add 198.51.100.9/24 dev eth0");
        outside.run("ip address add 2001:db8::9/64 dev eth0 nodad");
        outside.run("ip route add 10.0.0.0/8 via 198.51.100.1");
        outside.run("ip -6 route add fd00::/16 via 2001:db8::1");
        for (Peer peer : everybody()) {
            peer.answerUdp(UDP);
            peer.answerTcp(TCP);
        }
    }

    private void bridge(String name, String number, Peer... peers) {
        host.run("ip link add " + name + " type bridge");
        host.run("ip address add 10." + number + ".0.1/24 dev " + name);
        host.run("ip address add fd00:" + number + "::1/64 dev " + name + " nodad");
        host.run("sysctl -qw net.ipv4.conf." + name + ".route_localnet=1");
        host.run("ip link set " + name + " up");
        for (int i = 0; i < peers.length; i++) {
            String port = portOf(name, i);
            cable(peers[i], port);
            host.run("ip link set " + port + " master " + name);
            host.run("bridge link set dev " + port + " hairpin on");
            int address = i + 2;
            peers[i].run("ip address add 10." + number + ".0." + address + "/24 dev eth0");
            peers[i].run("ip address add fd00:" + number + "::" + address + "/64 dev eth0 nodad");
            peers[i].run("ip route add default via 10." + number + ".0.1");
            peers[i].run("ip -6 route add default via fd00:" + number + "::1");
        }
    }

    /** As jnet calls the host's end of a veth pair, on its own bridges: what it says about ports goes by the name. */
    private static String portOf(String bridge, int number) {
        return bridge.startsWith("jbr-")
                ? "jv" + bridge.substring("jbr-".length()) + (number + 1)
                : bridge + "-" + number;
    }

    /** Connects a machine to the host. */
    void cable(Peer peer, String hostEnd) {
        host.run("ip link add " + hostEnd + " type veth peer name eth0 netns " + peer.path());
        host.run("ip link set " + hostEnd + " up");
        peer.run("ip link set eth0 up");
    }
}
