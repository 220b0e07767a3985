package io.jnet.daemon.trace;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.NetworkView;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.nftables.BaseChainReader;
import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.nftables.TraceEvent;
import io.jnet.netlink.nftables.TracedPacket;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.sysctl.InterfaceSysctl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows a packet through the rules of the network namespace of the calling thread. */
public final class Tracing {
    private static final Duration MOMENT = Duration.ofMillis(300);
    /** How long the answer to somebody else's packet is waited for. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** How long a connection is looked at that the daemon has taken to pass it on. */
    private static final Duration PASSING_ON = Duration.ofSeconds(1);

    private final DaemonSays daemon;
    private final Names names;

    /** Whose packet is waited for, where it is nobody's by address. */
    public enum Place {
        HOST,
        OUTSIDE
    }

    /** @param daemon knows names */
    public Tracing(DaemonSays daemon) {
        this.daemon = daemon;
        this.names = new Names(daemon);
    }

    /**
     * Sends a packet and follows it.
     *
     * @param sender where it is sent from
     * @param source the sender's address; empty: as its routes say
     * @param longest how long an answer is waited for
     */
    public TraceReport probe(
            NetworkNamespace sender,
            Optional<IpAddress> source,
            IpAddress destination,
            TraceTarget target,
            Duration longest)
            throws InterruptedException {
        try (Probe probe = Probe.open(sender, source, destination, target);
                Recorder recorder = Recorder.start()) {
            Duration afterwards =
                    names.served(target.protocol(), destination, target.port()).isPresent()
                            ? PASSING_ON
                            : Duration.ZERO;
            Outcome outcome = MarkingTable.during(probe.flow(), bridges(), () -> probe.send(longest, afterwards));
            return report(probe.flow(), recorder.take(MOMENT), outcome);
        }
    }

    /**
     * Follows the next packet that somebody else sends.
     *
     * @param sources who, by one of these; empty: this host, or anybody who is outside of jnet's networks
     * @param place which of the two, where {@code sources} is empty
     * @param longest how long it is waited for
     */
    public TraceReport await(
            Set<IpAddress> sources, Place place, IpAddress destination, TraceTarget target, Duration longest)
            throws InterruptedException {
        Flow.Origin unnamed = place == Place.HOST ? Flow.Origin.HOST : Flow.Origin.OUTSIDE;
        Flow flow = new Flow(
                target.protocol(),
                sources,
                OptionalInt.empty(),
                destination,
                target.port(),
                sources.isEmpty() ? unnamed : Flow.Origin.ANYWHERE);
        try (Recorder recorder = Recorder.start()) {
            List<TraceEvent> events = MarkingTable.during(flow, bridges(), () -> {
                List<TraceEvent> heard = new ArrayList<>(recorder.take(longest));
                if (!heard.isEmpty()) {
                    heard.addAll(recorder.take(ANSWER));
                }
                return heard;
            });
            return report(flow, events, Outcome.UNKNOWN);
        }
    }

    private Set<InterfaceName> bridges() {
        return daemon.networks().stream()
                .map(NetworkView::bridge)
                .filter(InterfaceName::isValid)
                .map(InterfaceName::new)
                .collect(Collectors.toSet());
    }

    private TraceReport report(Flow flow, List<TraceEvent> events, Outcome outcome) {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket filtering = NetlinkSocket.open(NetlinkProtocol.NETFILTER);
                NetlinkSocket routing = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            RuleTexts texts = new RuleTexts(nftables);
            Journey.Both journeys =
                    Journey.of(flow, events, new BaseChainReader(filtering).list(), event -> text(texts, event));
            Ending ending = new Ending(flow, journeys, outcome, names, new Host(routing));
            return new TraceReport(
                    title(flow, journeys.packet()),
                    ending.passed(),
                    journeys.packet().steps(),
                    journeys.answer().steps(),
                    ending.lines());
        }
    }

    private static String text(RuleTexts texts, TraceEvent event) {
        if (event.kind() == TraceEvent.Kind.POLICY || event.rule().isEmpty()) {
            return "policy";
        }
        long handle = event.rule().getAsLong();
        return texts.of(event.family(), event.table(), handle).orElse("rule " + handle);
    }

    private static String title(Flow flow, Journey packet) {
        String source = packet.stations().stream()
                .map(station -> text(station.packet().source(), station.packet().sourcePort()))
                .findFirst()
                .orElseGet(() -> sources(flow));
        return flow.protocol() + " " + source + " -> " + text(flow.destination(), flow.port());
    }

    private static String sources(Flow flow) {
        return flow.sources().isEmpty()
                ? "any"
                : flow.sources().stream().sorted().map(IpAddress::toString).collect(Collectors.joining(" or "));
    }

    static String text(IpAddress address, int port) {
        return address.family() == AddressFamily.INET ? address + ":" + port : "[" + address + "]:" + port;
    }

    /** This host's routes and settings. */
    private record Host(NetlinkSocket routing) implements Ending.HostPlan {
        @Override
        public Optional<String> obstacle(TracedPacket packet, int in) {
            try {
                if (Routes.over(routing).to(packet.destination()).isEmpty()) {
                    return Optional.of("no route to " + packet.destination());
                }
            } catch (NetlinkException refusal) {
                return Optional.of("a route says that " + packet.destination() + " is not to be reached");
            }
            return Links.over(routing)
                    .find(in)
                    .map(Link::name)
                    .filter(InterfaceName::isValid)
                    .flatMap(name -> ofSettings(packet, new InterfaceName(name)));
        }

        private static Optional<String> ofSettings(TracedPacket packet, InterfaceName link) {
            if (packet.destination().family() != AddressFamily.INET) {
                return Optional.of("IPv6 forwarding may be off on " + link + ": see jnet doctor");
            }
            if (InterfaceSysctl.ipv4(link, "forwarding").read().equals(Optional.of("0"))) {
                return Optional.of(
                        "forwarding is off on " + link + ": sysctl -w net.ipv4.conf." + link + ".forwarding=1");
            }
            return Optional.of("the way back to " + packet.source() + " may lead by another interface than " + link
                    + " (rp_filter), or nothing on this host takes it");
        }

        @Override
        public String link(int index) {
            return Links.over(routing).find(index).map(Link::name).orElse("link " + index);
        }
    }
}
