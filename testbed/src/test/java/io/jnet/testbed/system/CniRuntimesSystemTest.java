package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.Podman;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** containerd and Podman, with configurations of jnet alone: what {@code jnet cni install} writes, and one of an older version. */
@SystemTest
class CniRuntimesSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private static final String CONTAINERD = "/run/docker/containerd/containerd.sock";
    private static final String IMAGE = "docker.io/" + Images.TOOLS;
    private static final String PODMAN_IMAGE = "localhost/" + Images.TOOLS;
    private static final String CONFIGURATION =
            """
            {"cniVersion": "0.4.0", "name": "red", "plugins": [{"type": "jnet", "isDefaultGateway": true, "ipMasq": true,
              "ipam": {"type": "jnet", "subnet": "10.87.0.0/24"},
              "capabilities": {"portMappings": true, "ips": true, "mac": true, "aliases": true}}]}
            """;

    private static Podman podman;

    @BeforeAll
    static void configure() {
        podman = Podman.on(LAB.host());
        LAB.jnet()
                .run(
                        "cni",
                        "install",
                        "--bin-dir",
                        Podman.PLUGINS,
                        "--network",
                        "installed",
                        "--subnet",
                        "10.86.0.0/24")
                .orThrow();
        podman.network("red", CONFIGURATION);
        LAB.host().shell("docker save " + Images.TOOLS + " | ctr --address " + CONTAINERD + " images import -");
        podman.loadFromDocker(Images.TOOLS);
    }

    @AfterEach
    void removeContainers() {
        podman.removeEverything();
        Eventually.holds("no endpoint is left", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        Eventually.holds("no lease is left", JnetDaemon.UNASKED, () -> leases().isEmpty());
    }

    @Test
    void containerdRunsAContainer() {
        String output = ctr(
                        "run",
                        "--cgroup",
                        group() + "/c1",
                        "--rm",
                        "--cni",
                        IMAGE,
                        "c1",
                        "ping",
                        "-c",
                        "1",
                        "-W",
                        "2",
                        Lab.OUTSIDE_ADDRESS)
                .orThrow()
                .text();
        assertThat(output).contains("1 packets received");

        ctr("run", "--cgroup", group() + "/c2", "--detach", "--cni", IMAGE, "c2", "sleep", "1000000")
                .orThrow();
        JsonNode endpoint = LAB.jnet().json("endpoint", "ls").get(0);
        String address = endpoint.at("/addresses/0").asString().replaceFirst("/.*", "");
        assertThat(address).startsWith("10.86.0.");
        assertThat(Probe.on(LAB.host()).pings(address)).isTrue();
        assertThat(LAB.jnet().run("port", "c2").succeeded())
                .as("a container by the id that its runtime shows")
                .isTrue();
        // A detached container's end is told to nobody.
        ctr("task", "kill", "--signal", "SIGKILL", "c2").orThrow();
        Eventually.holds("the endpoint is gone", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        Eventually.holds(
                "c2 can be removed", AT_ONCE, () -> ctr("container", "rm", "c2").succeeded());
    }

    @Test
    void podmanPublishesAPortAndKeepsItOverARestart() {
        serveByPodman();
        podman.podman("stop", "--time", "0", "web");
        assertThat(isServed()).isFalse();
        podman.podman("start", "web");
        Eventually.holds("the page, after a restart", AT_ONCE, CniRuntimesSystemTest::isServed);
        assertThat(LAB.host()
                        .run(
                                "podman",
                                "run",
                                "--cgroup-parent",
                                group(),
                                "--rm",
                                "--network",
                                "red",
                                "--publish",
                                "8087:80",
                                PODMAN_IMAGE,
                                "true")
                        .succeeded())
                .as("a second container with the port")
                .isFalse();
        assertThat(isServed()).isTrue();
    }

    @Test
    void podmansContainerIsNamedToCommandsAsPodmanNamesIt() {
        serveByPodman();
        String id = podman.podman("inspect", "--format", "{{.Id}}", "web");
        assertThat(LAB.jnet().run("ports").orThrow().text()).containsPattern("8087 +tcp +80 +web ");
        for (String name : List.of("web", id, id.substring(0, 12))) {
            assertThat(LAB.jnet().run("port", name).orThrow().text()).startsWith("80/tcp -> 0.0.0.0:8087");
        }
        LAB.jnet().run("publish", "add", "web", "8091:80").orThrow();
        assertThat(LAB.jnet().run("port", "web").orThrow().text()).contains("0.0.0.0:8091");
        assertThat(LAB.jnet().run("publish", "rm", id.substring(0, 11), "8091").errors())
                .contains("give twelve characters");
        LAB.jnet().run("publish", "rm", "web", "8091").orThrow();
        assertThat(LAB.jnet().run("port", "nobody").errors()).contains("no container nobody");
    }

    /** Podman asks for the ports on each network, and says nothing more when the container leaves the one that had them. */
    @Test
    void podmansContainerThatLeavesANetworkIsPublishedByTheOther() {
        serveByPodman();
        podman.podman("network", "connect", "installed", "web");
        assertThat(isServed()).isTrue();
        podman.podman("network", "disconnect", "red", "web");
        assertThat(podman.podman("exec", "web", "ip", "address")).doesNotContain("inet 10.87.0.");
        Eventually.holds("the page by the other network", AT_ONCE, CniRuntimesSystemTest::isServed);
        podman.podman("stop", "--time", "0", "web");
        assertThat(LAB.jnet().json("ports")).as("nothing is left").isEmpty();
    }

    @Test
    void podmanGivesAddressesAndTwoNetworks() {
        podman.podman(
                "run",
                "--cgroup-parent",
                group(),
                "--detach",
                "--name",
                "fixed",
                "--network",
                "red",
                "--ip",
                "10.87.0.77",
                "--mac-address",
                "02:aa:bb:cc:dd:01",
                PODMAN_IMAGE,
                "sleep",
                "1000000");
        assertThat(podman.podman("exec", "fixed", "ip", "address", "show", "eth0"))
                .contains("10.87.0.77/24", "02:aa:bb:cc:dd:01");
        assertThat(podman.podman("inspect", "--format", "{{.NetworkSettings.Networks.red.IPAddress}}", "fixed"))
                .isEqualTo("10.87.0.77");
        podman.podman(
                "run",
                "--cgroup-parent",
                group(),
                "--detach",
                "--name",
                "both",
                "--publish",
                "8089:80",
                "--cap-add",
                "NET_RAW",
                "--network",
                "red,installed",
                PODMAN_IMAGE,
                "sleep",
                "1000000");
        assertThat(podman.podman("exec", "both", "ip", "address")).contains("inet 10.87.0.", "inet 10.86.0.");
        assertThat(podman.podman("exec", "both", "ping", "-c", "1", "-W", "2", "10.87.0.77"))
                .contains("1 packets received");
        assertThat(podman.podman("exec", "both", "ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS))
                .contains("1 packets received");
    }

    /** Container {@code web} on network {@code red}. */
    private static void serveByPodman() {
        podman.podman(
                "run",
                "--cgroup-parent",
                group(),
                "--detach",
                "--name",
                "web",
                "--network",
                "red",
                "--publish",
                "8087:80",
                PODMAN_IMAGE,
                "httpd",
                "-f",
                "-p",
                "80",
                "-h",
                "/www");
        Eventually.holds("the page", AT_ONCE, CniRuntimesSystemTest::isServed);
    }

    private static boolean isServed() {
        return LAB.lab()
                .outside()
                .run("curl", "--silent", "--fail", "--max-time", "2", "http://" + Lab.HOST_ADDRESS + ":8087/")
                .succeeded();
    }

    private static String group() {
        return LAB.host().controlGroup();
    }

    private static CommandResult ctr(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ctr", "--address", CONTAINERD));
        command.addAll(List.of(arguments));
        return LAB.host().run(command);
    }

    private static List<String> leases() {
        List<String> leases = new ArrayList<>();
        LAB.jnet().json("ipam", "leases").forEach(lease -> {
            if (lease.path("purpose").asString().equals("endpoint")) {
                leases.add(lease.toString());
            }
        });
        return leases;
    }
}
