package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code jnet-cni} as runtimes call it, beside a Docker engine on the same daemon. */
@SystemTest
class CniSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    /** Twice what is promised for what nobody uses any more (docs/reliability.md): the machine has other tests to run. */
    private static final Duration FREED = Duration.ofSeconds(20);

    private static final Duration KERNEL = Duration.ofSeconds(60);
    private static final int PORT = 80;
    private static final String WEB =
            """
            {"cniVersion": "1.1.0", "name": "%s", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet"%s}%s}
            """;
    private static final String SUBNET = ", \"subnet\": \"10.88.0.0/24\"";
    private static final String PUBLISH =
            ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8088, \"containerPort\": 80}]}";

    private final List<String> namespaces = new ArrayList<>();
    private final List<BackgroundProcess> servers = new ArrayList<>();

    @AfterEach
    void removeNamespaces() {
        if (!LAB.jnet().isAlive()) {
            LAB.jnet().startAgain();
        }
        servers.forEach(BackgroundProcess::kill);
        namespaces.forEach(name -> host().run("ip", "netns", "delete", name));
        Eventually.holds("all attachments are gone", KERNEL, () -> attachments().isEmpty());
        LAB.jnet().run("network", "rm", "web");
    }

    @Test
    void aNamespaceIsReachedByItsPublishedPortAndReachesTheOutside() {
        JsonNode result = add("web", SUBNET, PUBLISH, "c1").result();
        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.88.0.2/24");
        serve("c1");
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8088))
                .as("what the container saw of its client")
                .contains(Lab.OUTSIDE_ADDRESS);
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS)
                        .succeeded())
                .isTrue();
        assertThat(LAB.jnet().run("ports").orThrow().text()).contains("8088", "web");
    }

    /** No runtime tells of a container that was killed: no DEL comes, no GC, nothing is restarted. */
    @Test
    void whatANamespaceHeldIsFreeWhenItEnds() {
        JsonNode result = add("web", SUBNET, PUBLISH, "c1").result();
        assertThat(add("web", SUBNET, PUBLISH, "c2").error(100)).contains("8088");
        assertThat(LAB.jnet().log()).contains(" command=ADD container=c2 category=CONFLICT\n");
        assertThat(LAB.jnet().run("metrics").orThrow().output())
                .contains("jnet_operation_errors_total{code=\"conflict\",front_end=\"cni\"} ")
                .contains("_count{front_end=\"cni\",operation=\"ADD\",result=\"ok\"} ");
        host().run("ip", "netns", "delete", "c1").orThrow();
        String link = result.at("/interfaces/1/name").asString();
        // The kernel ends namespaces one after the other, those of other tests too.
        Eventually.holds("the kernel has ended it", KERNEL, () -> !host().run("ip", "link", "show", link)
                .succeeded());
        Eventually.holds("address and port are free", FREED, () -> attachments().isEmpty() && leases().isEmpty());
        add("web", SUBNET, PUBLISH, "c3").result();
    }

    @Test
    void aDeletionNeedsNoNamespace() {
        add("web", SUBNET, PUBLISH, "c1").result();
        host().run("ip", "netns", "delete", "c1").orThrow();
        call("DEL", "web", SUBNET, "", "c1").withoutNamespace().run(host()).succeeded();
        assertThat(attachments()).isEmpty();
        assertThat(leases()).isEmpty();
    }

    /** nerdctl asks so before it tells the container to stop, and with "nerdctl kill -s HUP" of one that goes on. */
    @Test
    void aDeletionThatNamesNoNamespaceLeavesALivingOneItsConnection() {
        add("web", SUBNET, PUBLISH, "c1").result();
        call("DEL", "web", SUBNET, "", "c1").withoutNamespace().run(host()).succeeded();
        assertThat(LAB.jnet().run("ports").orThrow().text()).doesNotContain("8088");
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", Lab.OUTSIDE_ADDRESS)
                        .succeeded())
                .isTrue();
        assertThat(leases()).hasSize(1);

        host().run("ip", "netns", "delete", "c1").orThrow();
        call("DEL", "web", SUBNET, "", "c1").withoutNamespace().run(host()).succeeded();
        assertThat(attachments()).isEmpty();
        assertThat(leases()).isEmpty();
    }

    /** An answer that leaves by another network than its question came by is taken for forged there. */
    @Test
    void aContainerOnTwoNetworksAnswersEachClient() {
        String both = ", \"ranges\": [[{\"subnet\": \"10.88.%1$d.0/24\"}], [{\"subnet\": \"fd00:88:%1$d::/64\"}]]";
        add("web", both.formatted(0), PUBLISH, "c1").result();
        call("ADD", "back", both.formatted(1), "", "c1")
                .with("CNI_IFNAME", "eth1")
                .run(host())
                .result();
        try {
            serve("c1", "socat -t 30 TCP6-LISTEN:%d,fork,reuseaddr SYSTEM:'echo hello'".formatted(PORT));
            assertThat(LAB.lab()
                            .outside()
                            .shell(
                                    """
                            for n in $(seq 101 108); do ip address add 2001:db8::$n/64 dev eth0 nodad; done
                            for n in $(seq 101 108); do
                                socat -t 20 -T 20 "TCP6:[%s]:8088,bind=[2001:db8::$n],connect-timeout=3" - </dev/null || true
                            done
                            """
                                            .formatted(Lab.HOST_ADDRESS_6)))
                    .isEqualTo("hello\n".repeat(8));
        } finally {
            call("DEL", "back", both.formatted(1), "", "c1")
                    .with("CNI_IFNAME", "eth1")
                    .run(host())
                    .succeeded();
            LAB.jnet().run("network", "rm", "back");
        }
    }

    @Test
    void anyNamespaceIsAttachedByHand() {
        host().run("ip", "netns", "add", "box").orThrow();
        namespaces.add("box");
        String network = "--network";
        String path = "/run/netns/box";
        assertThat(LAB.jnet()
                        .run("attach", path, network, "web", "-p", "8088:80", "--ip", "10.88.0.9")
                        .everything())
                .as("a network that is there not yet has a range of its own")
                .contains("10.88.0.9 is in no subnet");
        add("web", SUBNET, "", "c1").result();
        assertThat(LAB.jnet()
                        .run("attach", path, network, "web", "-p", "8088:80", "--ip", "10.88.0.9")
                        .orThrow()
                        .text())
                .isEqualTo("10.88.0.9/24");
        serve("box");
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8088))
                .isTrue();

        Container none = LAB.docker().serve(List.of("--network", "none"), Servers.tellPeer(PORT));
        LAB.jnet().run("attach", none.id(), network, "web", "-p", "8089:80").orThrow();
        Eventually.holds("the container of network none", AT_ONCE, () -> Probe.on(
                        LAB.lab().outside())
                .reaches(Lab.HOST_ADDRESS, 8089));
        assertThat(LAB.jnet().run("port", none.id()).orThrow().text())
                .as("what Docker knows nothing of")
                .startsWith("80/tcp -> 0.0.0.0:8089");
        assertThat(LAB.jnet().run("port", "box").orThrow().text()).startsWith("80/tcp -> 0.0.0.0:8088");
        LAB.jnet().run("detach", none.id(), network, "web").orThrow();
        LAB.jnet().run("detach", path, network, "web").orThrow();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8089))
                .isFalse();
        assertThat(LAB.jnet().run("attach", "/etc/passwd", network, "web").errors())
                .contains("not a network namespace");
        assertThat(LAB.jnet().run("attach", "1", network, "web").errors()).contains("the host's own");
    }

    /** By a container's name or id, its process, or the path of that one's namespace; of two processes the paths end in the same word. */
    @Test
    void aNamespaceIsDetachedByWhateverItIsCalledAndNoOther() {
        Container one = LAB.docker().idle("--network", "none", "--name", "one");
        Container two = LAB.docker().idle("--network", "none", "--name", "two");
        String path = "/proc/" + one.pid() + "/ns/net";
        String other = "/proc/" + two.pid() + "/ns/net";
        for (Names names : List.of(
                new Names("one", one.id(), "two"),
                new Names(one.id().substring(0, 12), path, two.pid()),
                new Names(one.pid(), "one", other),
                new Names(path, one.pid(), two.id()))) {
            LAB.jnet().run("attach", names.first(), "--network", "web").orThrow();
            CommandResult refused = LAB.jnet().run("detach", names.another(), "--network", "web");
            assertThat(refused.exitStatus()).as(names.another()).isEqualTo(1);
            assertThat(refused.errors())
                    .isEqualTo("jnet: " + names.another() + " is not attached to network web by interface eth0\n");
            assertThat(attachments()).hasSize(1);
            assertThat(LAB.jnet()
                            .run("attach", names.second(), "--network", "web")
                            .succeeded())
                    .as("a second time")
                    .isFalse();
            LAB.jnet().run("detach", names.second(), "--network", "web").orThrow();
            assertThat(attachments()).isEmpty();
        }
        LAB.jnet().run("attach", path, "--network", "web").orThrow();
        LAB.jnet().run("attach", other, "--network", "web").orThrow();
        assertThat(attachments()).hasSize(2);
        LAB.jnet().run("detach", "two", "--network", "web").orThrow();
        LAB.jnet().run("detach", "one", "--network", "web").orThrow();
        assertThat(LAB.jnet().run("detach", "nobody", "--network", "web").errors())
                .isEqualTo("jnet: no such container: nobody\n");
    }

    /** Two names of one namespace, and one of another. */
    private record Names(String first, String second, String another) {}

    @Test
    void dockersNetworkIsJoinedWhereJnetGivesTheAddresses() {
        LAB.createNetwork("mixed", "--ipam-driver", "jnet", "--subnet", "10.91.0.0/24", "-o", "io.jnet.name=mixed");
        LAB.createNetwork("dockers", "--subnet", "10.92.0.0/24", "-o", "io.jnet.name=dockers");
        Container docker = LAB.docker()
                .serve(List.of("--network", "mixed"), Servers.tellPeer(PORT))
                .listeningOn(PORT);

        JsonNode joined = add("mixed", "", "", "c1").result();
        String address = joined.at("/ips/0/address").asString().replaceFirst("/.*", "");
        assertThat(address).startsWith("10.91.0.").isNotEqualTo(docker.address("mixed"));
        serve("c1");
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", docker.address("mixed"))
                        .succeeded())
                .isTrue();
        assertThat(Probe.in(docker).reaches(address, PORT)).isTrue();

        assertThat(add("dockers", "", "", "c2").error(7)).contains("--ipam-driver jnet");
        assertThat(add("mixed", SUBNET, "", "c3").error(7)).contains("10.88.0.0/24", "10.91.0.0/24");
        call("DEL", "mixed", "", "", "c1").run(host()).succeeded();
        assertThat(Probe.in(docker).pings("10.91.0.1")).as("Docker's container").isTrue();
    }

    /** Docker counts its own containers only. */
    @Test
    void aNetworkThatDockerRemovesStaysUnderContainersOfCni() {
        List<String> options = List.of("--ipam-driver", "jnet", "--subnet", "10.93.0.0/24", "-o", "io.jnet.name=left");
        LAB.createNetwork("left", options.toArray(String[]::new));
        assertThat(add("left", "", "", "c1").result().at("/ips/0/address").asString())
                .isEqualTo("10.93.0.2/24");

        LAB.docker().docker("network", "rm", "left").orThrow();
        assertThat(LAB.jnet().log()).contains("network left stays as long as 1 container of CNI");
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", "10.93.0.1").succeeded())
                .isTrue();
        assertThat(add("left", "", "", "c2").result().at("/ips/0/address").asString())
                .isEqualTo("10.93.0.3/24");
        assertThat(LAB.jnet().run("network", "rm", "--forgotten", "left").errors())
                .contains("is in use by 2 containers");
        assertThat(LAB.jnet().run("prune").orThrow().output()).contains("kept");
        assertThat(LAB.jnet().json("ipam", "pools")).hasSize(1);

        call("DEL", "left", "", "", "c1").run(host()).succeeded();
        call("DEL", "left", "", "", "c2").run(host()).succeeded();
        LAB.jnet().run("network", "rm", "--forgotten", "left").orThrow();
        LAB.createNetwork("left", options.toArray(String[]::new));
        LAB.docker().docker("network", "rm", "left").orThrow();
        assertThat(LAB.jnet().json("status").path("networks").asInt()).isZero();
    }

    @Test
    void withoutADaemonTheSameIsDoneOnce() {
        add("web", SUBNET, PUBLISH, "c1").result();
        serve("c1");
        LAB.jnet().kill();
        JsonNode alone = add("web", SUBNET, "", "c2").result();
        assertThat(alone.at("/ips/0/address").asString()).isEqualTo("10.88.0.3/24");
        assertThat(inside("c2", "ping", "-c", "1", "-W", "2", "10.88.0.2").succeeded())
                .isTrue();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, 8088))
                .as("the port that was published before")
                .isNotEmpty();
        call("DEL", "web", SUBNET, "", "c1").run(host()).succeeded();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8088))
                .isFalse();
        assertThat(status().run(host()).error(50)).contains("daemon");

        LAB.jnet().startAgain();
        assertThat(attachments()).hasSize(1);
        call("DEL", "web", SUBNET, "", "c2").run(host()).succeeded();
    }

    @Test
    void aDaemonThatStandsStillIsNotWaitedForForEver() {
        add("web", SUBNET, "", "c1").result();
        LAB.jnet().pause();
        try {
            assertThat(fastestOfFive(
                            () -> assertThat(status().run(host()).error(50)).contains("in time")))
                    .isLessThan(Duration.ofSeconds(2));
        } finally {
            LAB.jnet().resume();
        }
        Eventually.settled(AT_ONCE, () -> status().run(host()), answer -> answer.command()
                        .succeeded())
                .succeeded();
    }

    /** A caller in another network namespace than the daemon gets its own host's networks, not the daemon's. */
    @Test
    void anotherHostIsNotServedByThisOnesDaemon() {
        namespaces.add("other");
        host().shell("ip netns add other && ip -n other link set lo up");
        host().shell("ip netns add inner");
        namespaces.add("inner");
        CniCall call = call("ADD", "web", SUBNET, "", "inner")
                .prefixed("nsenter", "--net=/run/netns/other", "--")
                .with("CNI_ARGS", "");
        call.run(host()).result();
        assertThat(host().shell("ip -n other -brief link")).contains("jbr-");
        assertThat(attachments()).as("of the daemon").isEmpty();
        call.command("DEL").run(host()).succeeded();
        assertThat(host().shell("ip -n other -brief link")).doesNotContain("jv");
    }

    private CniCall.Answer add(String network, String ipam, String keys, String container) {
        host().run("ip", "netns", "add", container);
        namespaces.add(container);
        return call("ADD", network, ipam, keys, container).run(host());
    }

    private static CniCall call(String command, String network, String ipam, String keys, String container) {
        return CniCall.of(command, container, WEB.formatted(network, ipam, keys));
    }

    private static CniCall status() {
        return call("STATUS", "web", SUBNET, "", "c1");
    }

    /** The time of one that had a processor. */
    private static Duration fastestOfFive(Runnable call) {
        return IntStream.range(0, 5)
                .mapToObj(number -> {
                    long start = System.nanoTime();
                    call.run();
                    return Duration.ofNanos(System.nanoTime() - start);
                })
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private void serve(String container) {
        serve(container, Servers.tellPeer(PORT));
    }

    private void serve(String container, String server) {
        servers.add(host().start("ip", "netns", "exec", container, "bash", "-c", server));
        Eventually.holds("a server in " + container, AT_ONCE, () -> inside(container, "ss", "-Hltn")
                .text()
                .contains(":" + PORT));
    }

    private static CommandResult inside(String container, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", container));
        all.addAll(List.of(command));
        return host().run(all);
    }

    private static List<JsonNode> attachments() {
        return elements(LAB.jnet().json("endpoint", "ls")).stream()
                .filter(endpoint -> endpoint.path("id").asString().startsWith("cni-"))
                .toList();
    }

    private static List<JsonNode> leases() {
        return elements(LAB.jnet().json("ipam", "leases")).stream()
                .filter(lease -> lease.path("address").asString().startsWith("10.88."))
                .filter(lease -> lease.path("purpose").asString().equals("endpoint"))
                .toList();
    }

    private static List<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private static Machine host() {
        return LAB.host();
    }
}
