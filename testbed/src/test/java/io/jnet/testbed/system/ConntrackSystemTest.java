package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** UDP clients that send from one port again and again, while ports are published and withdrawn; and what conntrack(8) lists then. */
@SystemTest
class ConntrackSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final int PORT = 5353;
    private static final int CLIENT_PORT = 40000;
    private static final String HOST_6 = "[" + Lab.HOST_ADDRESS_6 + "]";
    /** Of a line of {@code conntrack -L}: the packets of the side that began. */
    private static final Pattern ORIGINAL =
            Pattern.compile("^udp .*? src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+) ");

    @BeforeEach
    void createNetwork() {
        LAB.createNetwork("web", "--ipv6", "--subnet", "10.90.1.0/24", "--subnet", "fd00:90:1::/64");
        LAB.host().run("conntrack", "-F");
    }

    /** A container that answers each datagram on port 53 with a word. */
    private static Container answering(String word, String... options) {
        return LAB.docker()
                .serve(
                        Stream.concat(Stream.of("--network", "web"), Stream.of(options))
                                .toList(),
                        "socat -t 30 UDP4-RECVFROM:53,fork,reuseaddr SYSTEM:'read line; echo %s'".formatted(word),
                        "socat -t 30 UDP6-RECVFROM:53,ipv6only=1,fork,reuseaddr SYSTEM:'read line; echo %s'"
                                .formatted(word))
                .listeningOn(53, 53);
    }

    /** Always from the same port; the answer, which must come. */
    private static String ask(Machine client, String address, int port) {
        return client.run("bash", "-c", question(address, port, 10)).text();
    }

    /** {@link #ask} where no answer must come, or it is asked again. */
    private static String askInVain(Machine client, String address, int port) {
        return client.run("bash", "-c", question(address, port, 1)).text();
    }

    /** A line of shell that prints the answer, or nothing when none comes in time. */
    private static String question(String address, int port, int seconds) {
        return "socat -lf /dev/null -t 0.1 UDP:%s:%d,sourceport=%d SYSTEM:'echo hello; timeout %d head -n 1 >&2' 2>&1"
                .formatted(address, port, CLIENT_PORT, seconds);
    }

    private static Set<String> flows() {
        return Stream.of("ipv4", "ipv6")
                .flatMap(family -> LAB.host()
                        .shell("conntrack -L -p udp -f " + family + " 2>/dev/null")
                        .lines())
                .map(ORIGINAL::matcher)
                .filter(Matcher::find)
                .map(match -> "%s:%s %s:%s".formatted(match.group(1), match.group(3), match.group(2), match.group(4)))
                .collect(Collectors.toSet());
    }

    @Test
    void whoSentBeforeThePortWasPublishedReachesTheContainer() {
        Machine outside = LAB.lab().outside();
        Machine host = LAB.host();
        Container neighbour = LAB.docker().idle("--network", "web");
        // Any container has the host track flows.
        for (String address : List.of(Lab.HOST_ADDRESS, HOST_6)) {
            assertThat(askInVain(outside, address, PORT)).isEmpty();
            neighbour.inNetwork("bash", "-c", question(address, PORT, 1));
        }
        askInVain(host, "127.0.0.1", PORT);
        String before = Lab.OUTSIDE_ADDRESS + ":" + CLIENT_PORT + " " + Lab.HOST_ADDRESS + ":" + PORT;
        assertThat(flows()).as("a flow that is not translated").contains(before);

        answering("one", "--publish", PORT + ":53/udp");

        for (String address : List.of(Lab.HOST_ADDRESS, HOST_6)) {
            assertThat(ask(outside, address, PORT)).isEqualTo("one");
            assertThat(neighbour
                            .inNetwork("bash", "-c", question(address, PORT, 10))
                            .text())
                    .as("a neighbour, by the published port")
                    .isEqualTo("one");
        }
        assertThat(ask(host, "127.0.0.1", PORT)).isEqualTo("one");
    }

    @Test
    void withTheFlowOfBeforeTheClientIsStuck() {
        answering("one", "--publish", PORT + ":53/udp");
        LAB.host()
                .shell("conntrack -I -p udp -s %s -d %s --sport %d --dport %d --timeout 600"
                        .formatted(Lab.OUTSIDE_ADDRESS, Lab.HOST_ADDRESS, CLIENT_PORT, PORT));
        assertThat(askInVain(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEmpty();
        LAB.host().shell("conntrack -D -p udp --orig-port-dst " + PORT);
        assertThat(ask(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEqualTo("one");
    }

    @Test
    void whoSpokeToTheContainerOfBeforeReachesTheNewOne() {
        Container one = answering("one", "--name", "one", "--publish", PORT + ":53/udp");
        assertThat(ask(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEqualTo("one");
        assertThat(ask(LAB.lab().outside(), HOST_6, PORT)).isEqualTo("one");
        assertThat(ask(LAB.host(), "127.0.0.1", PORT)).isEqualTo("one");
        LAB.docker().docker("stop", "--time", "0", one.id()).orThrow();
        assertThat(flows()).as("after the container has stopped").noneMatch(flow -> flow.endsWith(":" + PORT));

        // It goes on sending while nobody is there, and holds the old address so that the new one gets another.
        askInVain(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT);
        LAB.docker().idle("--network", "web", "--ip", "10.90.1.2");
        answering("two", "--publish", PORT + ":53/udp");

        assertThat(ask(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEqualTo("two");
        assertThat(ask(LAB.lab().outside(), HOST_6, PORT)).isEqualTo("two");
        assertThat(ask(LAB.host(), "127.0.0.1", PORT)).isEqualTo("two");
    }

    @Test
    void otherFlowsSurvive() {
        LAB.createNetwork("other", "--subnet", "10.90.2.0/24");
        LAB.docker()
                .serve(
                        List.of("--network", "other", "--publish", Lab.HOST_SECOND_ADDRESS + ":" + PORT + ":53/udp"),
                        "socat -t 30 UDP4-RECVFROM:53,fork,reuseaddr SYSTEM:'read line; echo other'")
                .listeningOn(53);
        assertThat(ask(LAB.lab().outside2(), Lab.HOST_SECOND_ADDRESS, PORT)).isEqualTo("other");
        Container talker = LAB.docker().idle("--network", "web");
        for (String command : List.of(
                "socat -t 0 - UDP:%s:7777,sourceport=%d".formatted(Lab.OUTSIDE_ADDRESS, PORT),
                "socat -t 0 - UDP:%s:%d,sourceport=%d".formatted(Lab.OUTSIDE_ADDRESS, PORT, 41000))) {
            talker.inNetwork("bash", "-c", "echo hello | " + command);
        }
        askInVain(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT);
        Set<String> before = flows();
        String concerned = Lab.OUTSIDE_ADDRESS + ":" + CLIENT_PORT + " " + Lab.HOST_ADDRESS + ":" + PORT;
        assertThat(before).hasSize(4).contains(concerned);

        Container one = answering("one", "--publish", Lab.HOST_ADDRESS + ":" + PORT + ":53/udp");
        assertThat(difference(before, flows())).containsExactly(concerned);
        assertThat(ask(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEqualTo("one");
        assertThat(flows()).isEqualTo(before);

        one.remove();
        assertThat(difference(before, flows())).containsExactly(concerned);
    }

    @Test
    void aFlushedRulesetLeavesNoClientBehind() {
        if (!LAB.usesJnet()) {
            return;
        }
        answering("one", "--publish", PORT + ":53/udp");
        assertThat(ask(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEqualTo("one");
        LAB.jnet().pause();
        LAB.host().shell("nft flush ruleset; conntrack -F 2>/dev/null");
        assertThat(askInVain(LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)).isEmpty();
        LAB.jnet().resume();
        Eventually.holds("the client is answered again", Duration.ofSeconds(10), () -> askInVain(
                        LAB.lab().outside(), Lab.HOST_ADDRESS, PORT)
                .equals("one"));
    }

    private static Set<String> difference(Set<String> before, Set<String> after) {
        return before.stream().filter(flow -> !after.contains(flow)).collect(Collectors.toSet());
    }
}
