package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.PortView;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.TracedPacket;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of a TCP connection to port 8080, which a container with IPv4 only has published. */
class EndingTest {
    private static final int TCP = 6;
    private static final IpAddress SENDER = IpAddress.parse("2001:db8::1");
    private static final IpAddress RECEIVER = IpAddress.parse("2001:db8::10");
    private static final Journey NONE = new Journey(List.of(), List.of());

    @Test
    void aPortThatTheDaemonServesIsTheContainersWhenThatOneAnswers() {
        Journey toHost = to(BaseChain.LOCAL_IN);
        assertThat(ending(toHost, Outcome.ANSWERED, List.of()).lines()).endsWith("answered");
        assertThat(ending(toHost, Outcome.TAKEN, List.of()).lines())
                .containsExactly(
                        "let through to this host itself: the daemon passes on published port 8080 of endpoint 1 of network web, to 10.77.0.2 port 80",
                        "answered by the daemon: whether the container answers it, \"jnet trace host 10.77.0.2:80\" tells");
        assertThat(ending(toHost, Outcome.TAKEN, List.of()).passed()).isTrue();
        assertThat(ending(toHost, Outcome.CUT, List.of()).passed()).isFalse();
    }

    @Test
    void aPortThatAnotherProcessHasTakenIsNotTheDaemons() {
        assertThat(ending(to(BaseChain.LOCAL_IN), Outcome.ANSWERED, List.of("another has it"))
                        .lines())
                .containsExactly(
                        "let through to this host itself: no published port led it to a container", "answered");
    }

    /** The same port of another machine. */
    @Test
    void theDaemonServesWhatIsForThisHostOnly() {
        for (Outcome outcome : List.of(Outcome.ANSWERED, Outcome.TAKEN, Outcome.CUT)) {
            Ending ending = ending(to(BaseChain.FORWARD), outcome, List.of());
            assertThat(ending.passed()).isTrue();
            assertThat(ending.lines())
                    .containsExactly("let through by all rules, and sent out by link 3 to 2001:db8::10", "answered");
        }
    }

    @Test
    void whoHasRefusedIsNotSaidWhereNoRuleSawIt() {
        Journey sent = to(BaseChain.FORWARD);
        assertThat(ending(sent, Outcome.REFUSED, List.of()).lines())
                .endsWith(
                        "no connection: refused, where no rule of this host sees how: by RST, since nothing listens on port 8080, or by ICMP, as a firewall does");
        assertThat(ending(sent, Outcome.UNREACHABLE, List.of()).lines())
                .endsWith(
                        "no answer: 2001:db8::10 is not reachable, where no rule of this host sees who says so: nobody has that address on its network, there is no route, or a firewall refuses it");
    }

    private static Ending ending(Journey packet, Outcome outcome, List<String> clashes) {
        Flow flow =
                new Flow(TransportProtocol.TCP, Set.of(), OptionalInt.of(1000), RECEIVER, 8080, Flow.Origin.ANYWHERE);
        return new Ending(flow, new Journey.Both(packet, NONE), outcome, names(clashes), new NoPlan());
    }

    private static Journey to(int hook) {
        TracedPacket packet = new TracedPacket(SENDER, RECEIVER, TCP, 1000, 8080, 0, OptionalInt.empty());
        return new Journey(
                List.of(), List.of(new Journey.Station(hook, false, packet, OptionalInt.of(2), OptionalInt.of(3))));
    }

    private static Names names(List<String> clashes) {
        PortView port = new PortView(
                "host",
                "web",
                "1",
                "tcp",
                List.of("0.0.0.0"),
                List.of("::"),
                8080,
                80,
                1,
                Optional.empty(),
                List.of(),
                clashes,
                Optional.empty());
        EndpointView endpoint = new EndpointView(
                "1",
                "web",
                "web",
                "joined",
                List.of("10.77.0.2/24"),
                "",
                "jv1",
                Optional.empty(),
                "docker",
                Optional.empty(),
                List.of(port),
                List.of(),
                Optional.empty(),
                List.of());
        return new Names(new DaemonSays(DaemonSays.Reach.ANSWERS, "", Optional.empty(), List.of(), List.of(endpoint)));
    }

    /** Of a host that forwards. */
    private record NoPlan() implements Ending.HostPlan {
        @Override
        public Optional<String> obstacle(TracedPacket packet, int in) {
            return Optional.empty();
        }

        @Override
        public String link(int index) {
            return "link " + index;
        }
    }
}
