package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may not reach whom. Each refusal is shown to be jnet's: without its dropping rules the packet passes. */
@SystemTest
class IsolationSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final int PORT = 80;
    private static final int ON_HOST = 7000;
    private static final String RED = "10.90.1.0/24";
    private static final String RED_GATEWAY = "10.90.1.1";

    private Container server;

    @BeforeAll
    static void startAServerOnTheHost() {
        LAB.host().start("bash", "-c", Servers.tellPeer(ON_HOST));
        Eventually.holds("a server on the host", Duration.ofSeconds(10), () -> Probe.on(LAB.host())
                .reaches("127.0.0.1", ON_HOST));
    }

    @BeforeEach
    void startAServer() {
        LAB.createNetwork("red", "--subnet", RED);
        server = serveIn("red", "--publish", "8080:80");
    }

    private static Container serveIn(String network, String... options) {
        List<String> all = new ArrayList<>(List.of("--network", network));
        all.addAll(List.of(options));
        return LAB.docker().serve(all, Servers.tellPeer(PORT)).listeningOn(PORT);
    }

    /** Shows that a way is closed, and that it is open without jnet's dropping rules. */
    private static void assertClosedByJnet(String way, BooleanSupplier passes) {
        if (LAB.usesJnet()) {
            assertThat(FirewallRules.of(LAB).withoutDrops(passes::getAsBoolean))
                    .as(way + ", without the rules")
                    .isTrue();
        }
        assertThat(passes.getAsBoolean()).as(way).isFalse();
    }

    @Test
    void twoNetworksDoNotReachEachOthersContainers() {
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        Container stranger = serveIn("blue");
        String target = server.address("red");
        assertClosedByJnet("from blue to red", () -> Probe.in(stranger).reaches(target, PORT));
        String strangersAddress = stranger.address("blue");
        assertClosedByJnet("from red to blue", () -> Probe.in(server).pings(strangersAddress));
        assertThat(Probe.in(stranger).tcp(Lab.HOST_ADDRESS, 8080))
                .as("by the published port")
                .isNotEmpty();
    }

    @Test
    void aNetworkDoesNotReachAnothersGatewayAddress() {
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        Container stranger = LAB.docker().idle("--network", "blue");
        assertThat(Probe.in(stranger).reaches("10.90.2.1", ON_HOST))
                .as("its own gateway")
                .isTrue();
        if (LAB.usesJnet()) { // Docker's own driver leaves this open.
            assertClosedByJnet(
                    "from blue to red's gateway", () -> Probe.in(stranger).reaches(RED_GATEWAY, ON_HOST));
        }
    }

    @Test
    void dockersBridgeAndAJnetNetworkDoNotReachEachOther() {
        Container docker = serveIn("bridge");
        String target = server.address("red");
        String dockers = docker.address("bridge");
        assertClosedByJnet("from docker to jnet", () -> Probe.in(docker).reaches(target, PORT));
        assertClosedByJnet("from jnet to docker", () -> Probe.in(server).reaches(dockers, PORT));
        assertThat(Probe.in(docker).tcp(Lab.HOST_ADDRESS, 8080))
                .as("by the published port")
                .isNotEmpty();
    }

    /** {@code --add-host host.docker.internal:host-gateway} is docker0's address, with any driver. */
    @Test
    void theHostIsReachedByTheGatewayAddressesOfDockersNetworks() {
        LAB.docker().idle("--network", "bridge");
        String docker0 = "172.17.0.1";
        LAB.docker()
                .docker("network", "create", "--subnet", "10.95.1.0/24", "dockers")
                .orThrow();
        LAB.docker().idle("--network", "dockers");
        assertThat(Probe.on(LAB.host()).reaches(docker0, ON_HOST)).isTrue();
        assertThat(Probe.in(server).reaches(docker0, ON_HOST)).isTrue();
        assertThat(Probe.in(server).reaches("10.95.1.1", ON_HOST)).isTrue();
        assertThat(Probe.in(server).reaches(Lab.HOST_ADDRESS, ON_HOST))
                .as("the host by its own address")
                .isTrue();
    }

    @Test
    void theOutsideDoesNotReachContainersOrGatewaysByARoute() {
        String target = server.address("red");
        LAB.lab().outside().shell("ip route replace %s via %s".formatted(RED, Lab.HOST_ADDRESS));
        try {
            if (LAB.usesJnet()) { // Docker 20.10 lets a route to a published port of a container pass.
                assertClosedByJnet(
                        "from outside to a container",
                        () -> Probe.on(LAB.lab().outside()).reaches(target, PORT));
                assertClosedByJnet(
                        "from outside to a gateway",
                        () -> Probe.on(LAB.lab().outside()).reaches(RED_GATEWAY, ON_HOST));
            }
            assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                    .isTrue();
        } finally {
            LAB.lab().outside().shell("ip route delete " + RED);
        }
    }

    @Test
    void anInternalNetworkWorksInsideAndIsClosed() {
        LAB.createNetwork("inner", "--internal", "--subnet", "10.90.3.0/24");
        Container inside = serveIn("inner", "--publish", "8081:80");
        Container neighbour = LAB.docker().idle("--network", "inner");
        String target = inside.address("inner");
        assertThat(Probe.in(neighbour).reaches(target, PORT)).isTrue();
        assertThat(Probe.on(LAB.host()).reaches(target, PORT)).isTrue();
        assertThat(Probe.in(neighbour).pings(Lab.OUTSIDE_ADDRESS)).isFalse();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8081))
                .isFalse();
        // A route of its own makes the packets go out, and they could be answered: they are dropped, not only without a
        // way.
        neighbour
                .inNetwork("ip", "route", "replace", "default", "via", "10.90.3.1")
                .orThrow();
        LAB.lab().outside().shell("ip route replace 10.90.3.0/24 via " + Lab.HOST_ADDRESS);
        try {
            assertClosedByJnet("from an internal network to the outside", () -> Probe.in(neighbour)
                    .pings(Lab.OUTSIDE_ADDRESS));
        } finally {
            LAB.lab().outside().shell("ip route delete 10.90.3.0/24");
        }
    }

    @Test
    void aContainerCannotSpeakWithAnAddressThatIsNotOfItsNetwork() {
        if (!LAB.usesJnet()) {
            return;
        }
        server.inNetwork("ip", "address", "add", "192.0.2.77/32", "dev", "eth0").orThrow();
        LAB.host().shell("ip route replace 192.0.2.77/32 via " + server.address("red"));
        try {
            assertClosedByJnet("with a foreign source address", () -> server.inNetwork(
                            "socat",
                            "-T2",
                            "-",
                            "TCP:%s:%d,bind=192.0.2.77,connect-timeout=2".formatted(RED_GATEWAY, ON_HOST))
                    .succeeded());
        } finally {
            LAB.host().shell("ip route delete 192.0.2.77/32");
        }
    }

    @Test
    void containersAreConnectedAndDisconnectedWhileTheyRun() {
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        Container neighbour = LAB.docker().idle("--network", "blue");
        LAB.docker().docker("network", "connect", "blue", server.id()).orThrow();
        String second = server.address("blue");
        assertThat(Probe.in(neighbour).reaches(second, PORT)).isTrue();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isTrue();
        // The gateway, and with it the published port, moves to the network that is left.
        LAB.docker().docker("network", "disconnect", "red", server.id()).orThrow();
        assertThat(Probe.in(neighbour).reaches(second, PORT)).isTrue();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        LAB.docker().docker("network", "disconnect", "blue", server.id()).orThrow();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isFalse();
        LAB.docker().docker("network", "connect", "red", server.id()).orThrow();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
    }
}
