package io.jnet.daemon.trace;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two tables of rules, for bridges and for IP, that have the kernel report what happens to the packets of one flow and to their answers, a few of them a
 * second. They belong to this process ({@code flags owner}): the kernel removes them with its socket, however it ends. They come before everybody's
 * rules and accept everything.
 *
 * <p>An answer is told by connection tracking, which undoes what translation did to it; so its report begins after that. Between ports of a bridge it is told
 * by addresses and ports. ICMP's message that there is no answer is one.
 */
final class MarkingTable {
    /** What the names of such tables begin with. */
    static final String NAME_PREFIX = "jnet_trace_";

    /** Before raw (-300), and before defragmentation (-400) there are no packets to speak of. */
    private static final int FIRST = -350;
    /** Right after connection tracking (-200). */
    private static final int TRACKED = -199;

    /** On a bridge packets come by its ports. */
    private static final String NOT_OF_PORTS = "iifname != \"" + Endpoint.HOST_LINK_PREFIX + "*\" ";

    /** In bits. */
    private static final int ICMP_HEADER = 64;

    private static final int IPV4_HEADER = 160;
    private static final int IPV6_HEADER = 320;

    private static final String LIMIT = " limit rate 10/second burst 10 packets meta nftrace set 1";

    private MarkingTable() {}

    /** Something to do meanwhile. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Has the tables in place, in the network namespace of the calling thread, while something is done.
     *
     * @param bridges those of jnet's networks, whatever they are called
     */
    static <T> T during(Flow flow, Set<InterfaceName> bridges, Work<T> work) throws InterruptedException {
        try (Nftables owner = Nftables.open()) {
            owner.run(
                    "install the tables for tracing",
                    text(flow, bridges, NAME_PREFIX + ProcessHandle.current().pid()));
            return work.run();
        }
    }

    private static String text(Flow flow, Set<InterfaceName> bridges, String name) {
        String marked = sent(flow) + LIMIT;
        boolean outside = flow.origin() == Flow.Origin.OUTSIDE;
        String first = "chain first { type filter hook %s priority %d; %s; }\n";
        boolean arrives = flow.origin() != Flow.Origin.HOST;
        String arrival = arrives ? first.formatted("prerouting", FIRST, (outside ? notOf(bridges) : "") + marked) : "";
        String atPort = arrives ? first.formatted("prerouting", FIRST, (outside ? NOT_OF_PORTS : "") + marked) : "";
        String departure =
                outside ? "" : first.replace("chain first", "chain from_host").formatted("output", FIRST, marked);
        return """
               table inet %1$s {
                 flags owner;
                 %2$s
                 %3$s
                 chain answers { type filter hook prerouting priority %4$d; %5$s }
                 chain answers_of_host { type filter hook output priority %4$d; %5$s }
               }
               table bridge %1$s {
                 flags owner;
                 %6$s
                 chain answers { type filter hook prerouting priority %7$d; %8$s }
               }
               """
                .formatted(name, arrival, departure, TRACKED, answered(flow), atPort, FIRST, answeredAtPort(flow));
    }

    /** What comes neither from containers nor from the host itself. */
    private static String notOf(Set<InterfaceName> bridges) {
        String named = Stream.concat(Stream.of("lo"), bridges.stream().map(InterfaceName::value))
                .sorted()
                .collect(Collectors.joining("\", \"", "\"", "\""));
        return "iifname != \"" + Network.BRIDGE_PREFIX + "*\" iifname != { " + named + " } ";
    }

    private static String sent(Flow flow) {
        String ip = ip(flow);
        StringBuilder match = new StringBuilder();
        match.append(from(flow, ip + " saddr "));
        match.append(ip + " daddr " + flow.destination() + " ");
        flow.sourcePort().ifPresent(port -> match.append(flow.protocol() + " sport " + port + " "));
        match.append(flow.protocol() + " dport " + flow.port());
        if (flow.protocol() == TransportProtocol.TCP) {
            match.append(" tcp flags & (fin | syn | rst | ack) == syn");
        }
        return match.toString();
    }

    /** What comes back, and ICMP's word that nothing does. */
    private static String answered(Flow flow) {
        String ip = ip(flow);
        StringBuilder match = new StringBuilder("ct original protocol " + flow.protocol() + " ");
        match.append(from(flow, "ct original " + ip + " saddr "));
        match.append("ct original " + ip + " daddr " + flow.destination() + " ");
        flow.sourcePort().ifPresent(port -> match.append("ct original proto-src " + port + " "));
        match.append("ct original proto-dst " + flow.port() + LIMIT + "; ");
        return "ct direction reply meta l4proto " + flow.protocol() + " " + match + "ct direction reply "
                + unreachable(flow) + match;
    }

    /** The same between ports of a bridge, where nothing is tracked, and nothing translated. */
    private static String answeredAtPort(Flow flow) {
        String ip = ip(flow);
        String client = from(flow, ip + " daddr ");
        StringBuilder match = new StringBuilder(client + ip + " saddr " + flow.destination() + " ");
        flow.sourcePort().ifPresent(port -> match.append(flow.protocol() + " dport " + port + " "));
        match.append(flow.protocol() + " sport " + flow.port() + LIMIT + "; ");
        return match + client + unreachable(flow) + told(flow) + LIMIT + "; ";
    }

    /** The packet's beginning is in such a message, behind the header of ICMP: its address is the last in the IP header, and its ports follow. */
    private static String told(Flow flow) {
        byte[] address = flow.destination().bytes();
        int ports = ICMP_HEADER + (flow.destination().family() == AddressFamily.INET ? IPV4_HEADER : IPV6_HEADER);
        int bits = address.length * Byte.SIZE;
        String destination =
                "@th,%d,%d 0x%s ".formatted(ports - bits, bits, HexFormat.of().formatHex(address));
        String sourcePort = flow.sourcePort().stream()
                .mapToObj(port -> "@th,%d,16 %d ".formatted(ports, port))
                .collect(Collectors.joining());
        return destination + sourcePort + "@th,%d,16 %d".formatted(ports + Short.SIZE, flow.port());
    }

    private static String unreachable(Flow flow) {
        return flow.destination().family() == AddressFamily.INET
                ? "icmp type destination-unreachable "
                : "icmpv6 type destination-unreachable ";
    }

    private static String from(Flow flow, String selector) {
        return flow.sources().stream()
                .map(IpAddress::toString)
                .sorted()
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), all -> all.isEmpty() ? "" : selector + "{ " + all + " } "));
    }

    private static String ip(Flow flow) {
        return flow.destination().family() == AddressFamily.INET ? "ip" : "ip6";
    }
}
