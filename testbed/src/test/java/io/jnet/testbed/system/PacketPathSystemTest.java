package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way that a packet may take, with dockerd's FORWARD policy at DROP, and bridged packets seen by iptables or not. */
@SystemTest
@ParameterizedClass(name = "bridge-nf-call-iptables={0}")
@ValueSource(ints = {0, 1})
class PacketPathSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd().keepingContainers();

    private static final int PEER = 80;
    private static final int WEB = 81;
    private static final int ON_HOST = 7000;
    private static final int LARGE = 4000;
    private static final int BIG_FILE = 3_000_000;

    private static Container server;
    private static Container client;
    private static Container second;
    private static Container stranger;
    private static Container dockerside;

    @Parameter
    int bridgeCalls;

    @BeforeAll
    static void startServersAndClients() {
        LAB.createNetwork("red", "--subnet", "10.90.1.0/24");
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        server = LAB.docker()
                .serve(
                        List.of(
                                "--name",
                                "server",
                                "--network",
                                "red",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "8081:81",
                                "--publish",
                                "5353:53/udp",
                                "--publish",
                                "5354:54/udp"),
                        Servers.tellPeer(PEER),
                        Servers.web(WEB),
                        Servers.tellSender(53),
                        Servers.largeDatagrams(54, LARGE))
                .listeningOn(PEER, WEB, 53, 54);
        server.shell("head -c %d /dev/zero >/www/big".formatted(BIG_FILE));
        client = LAB.docker().idle("--name", "client", "--network", "red");
        second = LAB.docker().idle("--name", "second", "--network", "red");
        stranger = LAB.docker().idle("--network", "blue");
        dockerside = LAB.docker().idle("--network", "bridge");
        for (Machine machine :
                List.of(LAB.host(), LAB.lab().outside(), LAB.lab().outside2())) {
            serveOn(machine, Servers.tellPeer(ON_HOST));
        }
    }

    private static BackgroundProcess serveOn(Machine machine, String server) {
        BackgroundProcess process = machine.start("bash", "-c", server);
        Eventually.holds("a server listens on " + machine.name(), Duration.ofSeconds(10), () -> machine.run(
                        "bash", "-c", "ss -lnt | grep -q :" + ON_HOST)
                .succeeded());
        return process;
    }

    @BeforeEach
    void letIptablesSeeBridgedPacketsOrNot() {
        LAB.host().shell("sysctl -q -w net.bridge.bridge-nf-call-iptables=" + bridgeCalls);
        assertThat(LAB.host().shell("iptables -S FORWARD")).contains("-P FORWARD DROP");
    }

    @Test
    void fromContainerToContainerByAddressAndByName() {
        String own = client.address("red");
        assertThat(Probe.in(client).tcp(server.address("red"), PEER)).startsWith(own + " ");
        assertThat(Probe.in(client).tcp("server", PEER)).startsWith(own + " ");
        assertThat(Probe.in(client).udp("server", 53)).startsWith(own + " ");
        assertThat(Probe.in(client).pings("server")).isTrue();
    }

    @Test
    void fromTheHostToAContainer() {
        assertThat(Probe.on(LAB.host()).tcp(server.address("red"), PEER)).startsWith("10.90.1.1 ");
        assertThat(Probe.on(LAB.host()).udp(server.address("red"), 53)).startsWith("10.90.1.1 ");
    }

    @Test
    void fromAContainerToTheHostsOwnAddressesWithItsOwnAddress() {
        for (String address : List.of("10.90.1.1", Lab.HOST_ADDRESS, Lab.HOST_SECOND_ADDRESS)) {
            assertThat(Probe.in(client).tcp(address, ON_HOST)).startsWith(client.address("red") + " ");
        }
    }

    @Test
    void fromAContainerToEitherUplinkWithTheHostsAddressThere() {
        assertThat(Probe.in(client).tcp(Lab.OUTSIDE_ADDRESS, ON_HOST)).startsWith(Lab.HOST_ADDRESS + " ");
        assertThat(Probe.in(client).tcp(Lab.OUTSIDE2_ADDRESS, ON_HOST)).startsWith(Lab.HOST_SECOND_ADDRESS + " ");
        assertThat(Probe.in(client).pings(Lab.FAR_ADDRESS)).isTrue();
    }

    @Test
    void twoContainersMayUseOneSourcePortTowardsOneServerAtTheSameTime() {
        int port = 7001;
        try (BackgroundProcess slow = LAB.lab()
                .outside()
                .start(
                        "socat",
                        "-t",
                        "30",
                        "TCP4-LISTEN:" + port + ",fork,reuseaddr",
                        "SYSTEM:'echo $SOCAT_PEERADDR $SOCAT_PEERPORT; sleep 1'")) {
            Eventually.holds(slow + " listens", Duration.ofSeconds(10), () -> LAB.lab()
                    .outside()
                    .run("bash", "-c", "ss -lnt | grep -q :" + port)
                    .succeeded());
            var first =
                    CompletableFuture.supplyAsync(() -> Probe.in(client).tcpFrom(40_000, Lab.OUTSIDE_ADDRESS, port));
            var other =
                    CompletableFuture.supplyAsync(() -> Probe.in(second).tcpFrom(40_000, Lab.OUTSIDE_ADDRESS, port));
            List<String> seen = List.of(first.join(), other.join());
            assertThat(seen).allMatch(peer -> peer.startsWith(Lab.HOST_ADDRESS + " "));
            assertThat(seen).doesNotHaveDuplicates().contains(Lab.HOST_ADDRESS + " 40000");
        }
    }

    @Test
    void fromOutsideToAPublishedPortWithTheClientsOwnAddress() {
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(Probe.on(LAB.lab().outside2()).tcp(Lab.HOST_SECOND_ADDRESS, 8080))
                .startsWith(Lab.OUTSIDE2_ADDRESS + " ");
        assertThat(Probe.on(LAB.lab().far()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.FAR_ADDRESS + " ");
        assertThat(Probe.on(LAB.lab().outside()).udp(Lab.HOST_ADDRESS, 5353)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
    }

    @Test
    void fromTheHostToAPublishedPortByItsAddressesAndByLoopback() {
        for (String address : List.of(Lab.HOST_ADDRESS, Lab.HOST_SECOND_ADDRESS, "127.0.0.1")) {
            assertThat(Probe.on(LAB.host()).tcp(address, 8080)).as(address).isNotEmpty();
            assertThat(Probe.on(LAB.host()).udp(address, 5353)).as(address).isNotEmpty();
        }
    }

    @Test
    void fromTheSameNetworkToItsPublishedPort() {
        assertThat(Probe.in(client).tcp(Lab.HOST_ADDRESS, 8080)).isNotEmpty();
        assertThat(Probe.in(client).udp(Lab.HOST_ADDRESS, 5353)).isNotEmpty();
        assertThat(Probe.in(server).tcp(Lab.HOST_ADDRESS, 8080)).as("to itself").isNotEmpty();
    }

    @Test
    void fromOtherNetworksToAPublishedPort() {
        assertThat(Probe.in(stranger).tcp(Lab.HOST_ADDRESS, 8080)).isNotEmpty();
        assertThat(Probe.in(dockerside).tcp(Lab.HOST_ADDRESS, 8080)).isNotEmpty();
        assertThat(Probe.in(stranger).tcp(Lab.HOST_SECOND_ADDRESS, 8080)).isNotEmpty();
    }

    /** As a reverse proxy is, which is before the containers of one network and published on the other. */
    @Test
    void fromBothNetworksOfAContainerToItsPublishedPort() {
        Container both = LAB.docker()
                .serve(List.of("--network", "red", "--publish", "8082:82"), Servers.tellPeer(82))
                .listeningOn(82);
        LAB.docker().docker("network", "connect", "blue", both.id()).orThrow();
        for (String address : List.of(Lab.HOST_ADDRESS, "10.90.1.1", "10.90.2.1")) {
            assertThat(Probe.on(LAB.host()).tcp(address, 8082)).as(address).isNotEmpty();
        }
        for (Container from : List.of(client, stranger, dockerside)) {
            assertThat(Probe.in(from).tcp(Lab.HOST_ADDRESS, 8082)).as(from.id()).isNotEmpty();
        }
        assertThat(Probe.in(client).tcp("10.90.1.1", 8082)).isNotEmpty();
        assertThat(Probe.in(stranger).tcp("10.90.2.1", 8082)).isNotEmpty();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8082)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        both.remove();
    }

    @Test
    void aLargeDatagramComesBackThroughAPublishedPort() {
        assertThat(Probe.on(LAB.lab().outside()).udpSize(Lab.HOST_ADDRESS, 5354))
                .isEqualTo(LARGE);
        assertThat(Probe.on(LAB.lab().far()).udpSize(Lab.HOST_ADDRESS, 5354)).isEqualTo(LARGE);
    }

    @Test
    void aPathMtuErrorReachesTheContainerBehindAPublishedPort() {
        server.inNetwork("ip", "route", "flush", "cache").orThrow();
        String size = LAB.lab().far().shell("curl -sS --max-time 20 http://198.51.100.10:8081/big | wc -c");
        assertThat(size.strip()).isEqualTo(Integer.toString(BIG_FILE));
        // ICMP "fragmentation needed" (RFC 1191) was translated back: the container itself has learnt the size.
        assertThat(server.inNetwork("ip", "route", "get", Lab.FAR_ADDRESS)
                        .orThrow()
                        .output())
                .contains("mtu 1300");
    }
}
