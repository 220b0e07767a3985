package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code jnet prune}: what Docker forgot while jnet was away goes, and nothing else. */
@SystemTest
class ForgottenSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 5;

    @BeforeEach
    void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "Docker's own driver has no such command");
    }

    @Test
    void aStateThatDockerHasLostIsRemovedAndNobodyElseIsHarmed() {
        createNetwork("lost", "10.90.1.0/24", "fd00:90:1::/64");
        Container orphan = serve("lost", 8080);
        LAB.host().shell("ip netns add hand");
        LAB.jnet().run("attach", "/run/netns/hand", "--network", "hand").orThrow();

        LAB.jnet().kill();
        loseTheStateOfDocker();
        LAB.jnet().startAgain();
        LAB.docker().startAgain();
        createNetwork("web", "10.90.2.0/24", "fd00:90:2::/64");
        serve("web", 8081);
        assertMade(PluginCall.DUAL, PluginCall.ENDPOINT);
        assertThat(LAB.jnet().run("status").orThrow().output()).contains("1 of them without a container");

        BackgroundProcess others = othersWork();
        JsonNode pruned = LAB.jnet().json("prune", "--in-use");
        assertNobodyWasHarmed(others);

        assertThat(words(pruned, "outcome")).containsOnly("removed");
        assertThat(words(pruned, "kind"))
                .filteredOn("network"::equals)
                .as("that of the lost state, and one that was never recorded: " + pruned)
                .hasSize(2);
        assertThat(words(pruned, "kind")).filteredOn("pool"::equals).hasSize(2);
        assertThat(words(LAB.jnet().json("network", "ls"), "runtime")).containsExactlyInAnyOrder("docker", "cni");
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(2);
        assertThat(words(LAB.jnet().json("ipam", "pools"), "pool"))
                .contains("10.90.2.0/24")
                .doesNotContain("10.90.1.0/24");
        assertThat(reaches(8080)).isFalse();
        assertThat(reaches(8081)).isTrue();
        assertThat(LAB.host().run("ip", "-n", "hand", "-o", "link").orThrow().output())
                .contains("eth0");
        assertThat(LAB.jnet().run("prune").orThrow().text()).isEqualTo("Docker has forgotten nothing.");

        LAB.docker().docker("rm", "--force", orphan.id()).orThrow();
        LAB.jnet().run("detach", "/run/netns/hand", "--network", "hand").orThrow();
        LAB.jnet().run("network", "rm", "hand").orThrow();
        LAB.host().shell("ip netns delete hand");
        LAB.docker().removeEverything();
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        assertThat(LAB.jnet().json("ipam", "pools")).isEmpty();
        assertThat(LAB.host().shell("ip -brief link; nft list tables")).doesNotContain("jbr-", "jv", "jnet");
    }

    @Test
    void withoutDockerNothingIsRemoved() {
        assertMade(PluginCall.INTERNAL);
        LAB.docker().stop();
        try {
            CommandResult refused = LAB.jnet().run("prune");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.errors())
                    .startsWith("jnet: Docker does not answer on /var/run/docker.sock")
                    .hasLineCount(1);
            assertThat(LAB.jnet().json("network", "ls")).hasSize(1);
        } finally {
            LAB.docker().startAgain();
            PluginCall.INTERNAL.back().make(LAB.jnet());
        }
    }

    /** A process that outlives the state that knew of it keeps what it has, until it ends; jnet sees that by itself. */
    @Test
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true")
    void whatIsStillInUseIsKeptUntilItsNamespaceEnds() {
        createNetwork("lost", "10.90.1.0/24", "fd00:90:1::/64");
        Container orphan = serve("lost", 8080);
        loseTheStateOfDocker();
        LAB.docker().startAgain();

        JsonNode kept = LAB.jnet().json("prune");
        assertThat(words(kept, "outcome")).contains("kept", "kept");
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);

        LAB.docker().docker("rm", "--force", orphan.id()).orThrow();
        LAB.host().shell("umount /run/docker/netns/*");
        Eventually.holds("the endpoint is gone", PATIENCE, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        assertThat(words(LAB.jnet().json("prune"), "outcome")).containsOnly("removed");
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        assertThat(LAB.jnet().json("ipam", "pools")).isEmpty();
    }

    /** Docker ends, its container ends, and jnet is away for all of it: what the container held goes without anybody asking. */
    @Test
    void aContainerThatEndedWhileEverybodyWasAwayLeavesNothing() {
        createNetwork("web", "10.90.1.0/24", "fd00:90:1::/64");
        Container container = serve("web", 8080);
        String pid = container.pid();
        LAB.jnet().kill();
        LAB.docker().kill();
        LAB.host().shell("kill -KILL " + pid);
        LAB.jnet().startAgain();
        LAB.docker().startAgain();
        Eventually.holds("the endpoint is gone", PATIENCE, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        assertThat(reaches(8080)).isFalse();
        Eventually.holds(
                "its addresses are free", PATIENCE, () -> words(LAB.jnet().json("ipam", "leases"), "purpose").stream()
                        .allMatch("gateway"::equals));
        LAB.docker().docker("start", container.id()).orThrow();
        container.listeningOn(80);
        assertThat(reaches(8080)).isTrue();
        LAB.docker().docker("rm", "--force", container.id()).orThrow();
        assertThat(LAB.host().shell("ip -brief link")).doesNotContain("jv");
    }

    @Test
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true")
    void pruningBesideOthersWorkNeverHarmsThem() {
        for (int round = 0; round < ROUNDS; round++) {
            BackgroundProcess others = othersWork();
            assertMade(PluginCall.DUAL, PluginCall.ENDPOINT, PluginCall.INTERNAL);
            JsonNode pruned = LAB.jnet().json("prune");
            assertThat(words(pruned, "id"))
                    .as(pruned.toString())
                    .containsExactlyInAnyOrder("e0e0".repeat(16), "da1a".repeat(16), "1b1b".repeat(16));
            assertThat(words(pruned, "outcome")).containsOnly("removed");
            assertNobodyWasHarmed(others);
        }
    }

    /** With addresses of jnet, so that there are pools too. */
    private static void createNetwork(String name, String subnet, String subnet6) {
        LAB.createNetwork(name, "--ipam-driver", "jnet", "--subnet", subnet, "--ipv6", "--subnet", subnet6);
    }

    private static Container serve(String network, int port) {
        return LAB.docker()
                .serve(List.of("--network", network, "--publish", port + ":80"), Servers.tellPeer(80))
                .listeningOn(80);
    }

    private static void loseTheStateOfDocker() {
        LAB.docker().kill();
        LAB.host().shell("rm /var/lib/docker/network/files/local-kv.db");
    }

    /** As a dockerd that is killed before it has recorded what the driver has answered. */
    private static void assertMade(PluginCall... calls) {
        for (PluginCall call : calls) {
            CommandResult answer = call.make(LAB.jnet());
            assertThat(PluginCall.isError(answer)).as(answer.everything()).isFalse();
        }
    }

    /** Makes networks, runs containers and removes both, over and over, until it is told to stop; says so when all succeeded. */
    private static BackgroundProcess othersWork() {
        return LAB.host()
                .start(
                        "bash",
                        "-ec",
                        """
                        trap 'stop=yes' TERM
                        while [ -z "$stop" ]; do
                            docker network create --driver jnet --ipam-driver jnet busy
                            docker run --rm --network busy %s ping -c 1 -W 1 %s
                            docker network rm busy
                        done
                        echo all of it worked
                        """
                                .formatted(Images.TOOLS, Lab.OUTSIDE_ADDRESS));
    }

    private static void assertNobodyWasHarmed(BackgroundProcess others) {
        others.terminate();
        others.waitForEnd(PATIENCE);
        assertThat(others.log()).contains("0% packet loss").endsWith("all of it worked\n");
    }

    private static boolean reaches(int port) {
        return Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, port);
    }

    private static List<String> words(JsonNode answer, String field) {
        return StreamSupport.stream(answer.spliterator(), false)
                .map(one -> one.path(field).asString())
                .toList();
    }
}
