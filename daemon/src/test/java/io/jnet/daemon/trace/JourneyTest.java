package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.TraceEvent;
import io.jnet.netlink.nftables.TraceVerdict;
import io.jnet.netlink.nftables.TracedPacket;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reports of several packets, of which one and its answer are told. */
class JourneyTest {
    private static final IpAddress CLIENT = IpAddress.parse("198.51.100.1");
    private static final IpAddress HOST = IpAddress.parse("198.51.100.10");
    private static final IpAddress CONTAINER = IpAddress.parse("10.77.0.2");
    private static final List<BaseChain> CHAINS = List.of(
            new BaseChain("inet", "jnet", "pre", BaseChain.PRE_ROUTING, -300, false),
            new BaseChain("inet", "jnet", "forward", BaseChain.FORWARD, -10, false));

    @Test
    void theFirstPacketAndItsAnswerAreToldApartFromOthers() {
        List<TraceEvent> events = List.of(
                event(1, "pre", CONTAINER, 80, CLIENT, 999),
                event(2, "pre", CLIENT, 1000, HOST, 8080),
                event(2, "forward", CLIENT, 1000, CONTAINER, 80),
                event(3, "pre", CLIENT, 1001, HOST, 8080),
                event(4, "pre", CONTAINER, 80, CLIENT, 1001),
                event(5, "pre", CONTAINER, 80, CLIENT, 1000),
                event(6, "pre", CLIENT, 1000, HOST, 8080));
        Flow flow = new Flow(TransportProtocol.TCP, Set.of(), OptionalInt.empty(), HOST, 8080, Flow.Origin.OUTSIDE);

        Journey.Both both = Journey.of(flow, events, CHAINS, event -> "policy");

        assertThat(both.packet().steps()).extracting(Step::hook).containsExactly("prerouting", "forward");
        assertThat(both.packet().last().packet().destination()).isEqualTo(CONTAINER);
        assertThat(both.answer().stations())
                .extracting(station -> station.packet().destinationPort())
                .containsExactly(1000);
    }

    /** Masquerading may give the client another port; nobody else's packets are marked then. */
    @Test
    void theAnswerToOnesOwnPacketMayGoToAnotherPort() {
        List<TraceEvent> events =
                List.of(event(1, "pre", CLIENT, 1000, HOST, 8080), event(2, "pre", HOST, 8080, CLIENT, 4321));
        Flow flow = new Flow(TransportProtocol.TCP, Set.of(), OptionalInt.of(1000), HOST, 8080, Flow.Origin.ANYWHERE);
        assertThat(Journey.of(flow, events, CHAINS, event -> "policy").answer().isEmpty())
                .isFalse();
    }

    /** ICMP has no ports: of several clients' it is the one to the client of the first packet. */
    @Test
    void aRefusalByIcmpIsAnAnswer() {
        List<TraceEvent> events = List.of(
                event(1, "pre", CLIENT, 1000, HOST, 8080),
                unreachable(2, HOST, CONTAINER),
                unreachable(3, HOST, CLIENT));
        Flow flow = new Flow(TransportProtocol.TCP, Set.of(), OptionalInt.empty(), HOST, 8080, Flow.Origin.OUTSIDE);
        assertThat(Journey.of(flow, events, CHAINS, event -> "policy").answer().stations())
                .extracting(station -> station.packet().destination())
                .containsExactly(CLIENT);
    }

    /** This host's answers pass few hooks. */
    @Test
    void anAnswerThatOnlyTheMarkingRulesSawIsOne() {
        List<TraceEvent> events = List.of(
                event(1, "pre", CLIENT, 1000, HOST, 8080),
                event(2, "jnet_trace_7", "answers_of_host", tcp(HOST, 8080, CLIENT, 1000)));
        Flow flow = new Flow(TransportProtocol.TCP, Set.of(), OptionalInt.of(1000), HOST, 8080, Flow.Origin.ANYWHERE);
        Journey answer = Journey.of(flow, events, CHAINS, event -> "policy").answer();
        assertThat(answer.isEmpty()).isFalse();
        assertThat(answer.steps()).isEmpty();
    }

    private static TraceEvent unreachable(long packet, IpAddress source, IpAddress destination) {
        return event(packet, "jnet", "pre", new TracedPacket(source, destination, 1, 0, 0, 0, OptionalInt.of(13)));
    }

    private static TraceEvent event(
            long packet, String chain, IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return event(packet, "jnet", chain, tcp(source, sourcePort, destination, destinationPort));
    }

    private static TracedPacket tcp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return new TracedPacket(source, destination, 6, sourcePort, destinationPort, 0, OptionalInt.empty());
    }

    private static TraceEvent event(long packet, String table, String chain, TracedPacket content) {
        return new TraceEvent(
                packet,
                "inet",
                table,
                chain,
                TraceEvent.Kind.POLICY,
                OptionalLong.empty(),
                new TraceVerdict(TraceVerdict.ACCEPT, Optional.empty()),
                Optional.of(content),
                OptionalInt.empty(),
                OptionalInt.empty());
    }
}
