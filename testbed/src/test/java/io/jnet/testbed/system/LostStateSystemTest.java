package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.load.PingFlood;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jnet adopt}: the state is lost, or an older one, while containers of Docker and of CNI run, and afterwards all is as if it were not. */
@SystemTest
class LostStateSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PORT = 80;
    private static final String CNI =
            """
            {"cniVersion": "1.1.0", "name": "pods", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/24", "rangeStart": "10.88.0.10"}]]}%s}
            """;
    private static final String PUBLISH =
            ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8088, \"containerPort\": 80}]}";

    private BackgroundProcess server;

    /** ip makes its folder with the first namespace. */
    @BeforeEach
    void makeFolderOfNamespaces() {
        host().shell("ip netns add first && ip netns delete first");
    }

    @AfterEach
    void removeNamespaces() {
        if (server != null) {
            server.kill();
        }
        List.of("c1", "c2").forEach(name -> host().run("ip", "netns", "delete", name));
    }

    @Test
    void withItsStateLostJnetAdoptsWhatRunsAndGoesOn() {
        HostDump untouched = HostDump.of(host());
        LAB.createNetwork(
                "web",
                "--ipam-driver",
                "jnet",
                "--subnet",
                "10.90.1.0/24",
                "-o",
                "io.jnet.name=web",
                "-o",
                "com.docker.network.container_iface_prefix=net",
                "-o",
                "com.docker.network.driver.mtu=1400");
        LAB.createNetwork("inner", "--internal", "--subnet", "10.90.2.0/24", "-o", "io.jnet.port_security=true");
        Container web = LAB.docker()
                .serve(
                        List.of(
                                "--network",
                                "web",
                                "--publish",
                                "8080:80",
                                "--publish",
                                "0.0.0.0:8082:80",
                                "--publish",
                                "127.0.0.1:9000-9009:9000-9009",
                                "--publish",
                                "5353:53/udp"),
                        Servers.tellPeer(PORT))
                .listeningOn(PORT);
        LAB.docker().idle("--network", "inner");
        add("c1", PUBLISH).result();
        serve("c1");
        Seen before = Seen.now();
        String instance = LAB.jnet().json("status").path("instance").asString();

        LAB.jnet().kill();
        host().shell("rm /var/lib/jnet/state.lmdb*");
        LAB.jnet().startAgain();
        assertThat(LAB.jnet().json("status").path("unrecorded")).isNotEmpty();
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        PingFlood pod = PingFlood.start(host(), List.of("nsenter", "--net=/run/netns/c1"), Lab.OUTSIDE_ADDRESS);
        CommandResult adopted = LAB.jnet().run("adopt").orThrow();
        assertThat(adopted.output())
                .contains("adopted network web\n", "adopted network pods\n")
                .doesNotContain("not known");

        assertThat(Seen.now()).isEqualTo(before);
        assertThat(LAB.jnet().json("status").path("instance").asString()).isEqualTo(instance);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        assertThat(outside().tcp(Lab.HOST_ADDRESS, 8088)).contains(Lab.OUTSIDE_ADDRESS);
        assertThat(host().run("timeout", "5", "socat", "-u", "TCP-LISTEN:8080", "-")
                        .errors())
                .contains("Address already in use");
        CommandResult again = LAB.jnet().run("adopt");
        assertThat(again.exitStatus()).isEqualTo(1);
        assertThat(again.errors())
                .isEqualTo("jnet: nothing to adopt: the state in /var/lib/jnet knows all that is here of jnet\n");
        assertThat(pod.lost()).isZero();

        goesOn(web);
        untouched(untouched);
    }

    /** What runtimes do next, with what was adopted and beside it. */
    private void goesOn(Container web) {
        String address = web.address("web");
        Container second = LAB.docker().idle("--network", "web", "--publish", "8081:80");
        assertThat(second.address("web")).isNotEqualTo(address);
        assertThat(second.shell("ip -o link show net0")).contains("mtu 1400");
        LAB.docker().docker("stop", "--time", "1", web.id()).orThrow();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        LAB.docker().docker("start", web.id()).orThrow();
        web.listeningOn(PORT);
        assertThat(web.address("web")).isNotEqualTo(second.address("web"));
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        assertThat(addresses("10.90.1."))
                .as("leases of the network")
                .contains("10.90.1.1", web.address("web"), second.address("web"));

        assertThat(add("c2", "").result().at("/ips/0/address").asString()).isEqualTo("10.88.0.11/24");
        call("DEL", "c1", PUBLISH).run(host()).succeeded();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8088)).isFalse();
        call("DEL", "c2", "").run(host()).succeeded();
        assertThat(addresses("10.88.")).containsExactly("10.88.0.1");
    }

    @Test
    void anOlderCopyOfTheStateIsBroughtToWhatRuns() {
        HostDump untouched = HostDump.of(host());
        LAB.createNetwork("web", "--ipam-driver", "jnet", "--subnet", "10.90.1.0/24");
        LAB.createNetwork("brief", "--subnet", "10.90.3.0/24");
        Container first =
                LAB.docker().serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(PORT));
        LAB.jnet().stop();
        host().shell("cp /var/lib/jnet/state.lmdb /var/lib/jnet/older.lmdb");
        LAB.jnet().startAgain();
        first.remove();
        LAB.docker().docker("network", "rm", "brief").orThrow();
        LAB.createNetwork("late", "--subnet", "10.90.2.0/24");
        Container second = LAB.docker()
                .serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(PORT))
                .listeningOn(PORT);
        Container third = LAB.docker().idle("--network", "late");
        Seen before = Seen.now();
        LAB.jnet().kill();
        host().shell("mv /var/lib/jnet/older.lmdb /var/lib/jnet/state.lmdb");
        LAB.jnet().startAgain();
        assertThat(LAB.jnet().json("status").path("unrecorded")).isNotEmpty();

        CommandResult adopted = LAB.jnet().run("adopt").orThrow();
        assertThat(adopted.lines().stream().filter(line -> line.startsWith("forgot ")))
                .as(adopted.output())
                .hasSize(2);
        assertThat(Seen.now()).isEqualTo(before);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        Container fourth = LAB.docker().idle("--network", "web");
        assertThat(fourth.address("web")).isNotEqualTo(second.address("web"));
        List.of(second, third, fourth).forEach(Container::remove);
        untouched(untouched);
    }

    /** A link that says it is a container's, on the bridge of a network: somebody who is root on the host may do that, and it is no proof. */
    @Test
    void whatCannotBeProvenKeepsJnetFromAdoptingUntilItIsGivenUp() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        Container web = LAB.docker().serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(PORT));
        String instance = LAB.jnet().json("status").path("instance").asString();
        String bridge = LAB.jnet().json("network", "ls").at("/0/bridge").asString();
        LAB.jnet().kill();
        host().shell("rm /var/lib/jnet/state.lmdb* && ip link add jvforged type veth peer name forged"
                + " && ip link set jvforged master " + bridge + " alias 'jnet " + instance
                + " endpoint forged addr=10.90.1.77/24'");
        LAB.jnet().startAgain();
        CommandResult refused = LAB.jnet().run("adopt");
        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.errors()).contains("cannot be proven", "jvforged").hasLineCount(1);
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        assertThat(LAB.jnet().run("adopt", "--incomplete").orThrow().output()).contains("removed link jvforged");
        assertThat(host().run("ip", "link", "show", "jvforged").succeeded()).isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        web.remove();
    }

    /** Their marks had nothing but the identity. */
    @Test
    void linksOfAnEarlierVersionAreAdoptedAndTheirMarksAreBroughtUpToDate() {
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24", "--ipv6", "--subnet", "fd00:90::/64");
        Container web = LAB.docker()
                .serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(PORT))
                .listeningOn(PORT);
        Set<String> addresses = Set.of(web.address("web") + "/24", web.address6("web") + "/64");
        LAB.jnet().stop();
        cutMarks();
        LAB.jnet().startAgain();
        assertThat(host().shell("ip -o link")).contains("flags=.", "addr=" + web.address("web"));

        LAB.jnet().kill();
        cutMarks();
        host().shell("rm /var/lib/jnet/state.lmdb*");
        LAB.jnet().startAgain();
        assertThat(LAB.jnet().run("adopt").orThrow().lines().stream().filter(line -> line.startsWith("not known: ")))
                .hasSize(2);
        JsonNode endpoint = LAB.jnet().json("endpoint", "ls").path(0);
        assertThat(endpoint.path("addresses").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(addresses);
        assertThat(endpoint.path("mac").asString()).isEqualTo(web.shell("cat /sys/class/net/eth0/address"));
        assertThat(host().shell("ip -o link")).contains("flags=.", "addr=" + web.address("web"));
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        web.remove();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void aNetworkOnABridgeOfTheHostsOwnerIsAdoptedWithItsContainers() {
        host().shell("ip link add br7 type bridge && ip link set br7 up");
        LAB.createNetwork(
                "office",
                "--subnet",
                "10.90.4.0/24",
                "-o",
                "io.jnet.name=office",
                "-o",
                "com.docker.network.bridge.name=br7");
        Container web = LAB.docker()
                .serve(List.of("--network", "office", "--publish", "8080:80"), Servers.tellPeer(PORT))
                .listeningOn(PORT);
        Seen before = Seen.now();
        LAB.jnet().kill();
        host().shell("rm /var/lib/jnet/state.lmdb*");
        LAB.jnet().startAgain();
        assertThat(LAB.jnet().run("adopt").orThrow().output())
                .contains("not known: network office: bridge br7 is not jnet's");
        assertThat(Seen.now()).isEqualTo(before);
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        web.remove();
        LAB.docker().docker("network", "rm", "office").orThrow();
        assertThat(host().shell("ip -brief address show dev br7")).doesNotContain("10.90.4.1");
        host().shell("ip link delete br7");
    }

    private static void cutMarks() {
        host().shell(
                        "for link in $(ls /sys/class/net); do words=$(head -c 255 /sys/class/net/$link/ifalias);"
                                + " case \"$words\" in jnet*) ip link set $link alias \"$(echo $words | cut -d ' ' -f 1-4)\";; esac; done");
    }

    private void untouched(HostDump before) {
        LAB.docker().removeEverything();
        LAB.jnet().run("network", "rm", "pods");
        List.of("c1", "c2").forEach(name -> host().run("ip", "netns", "delete", name));
        assertThat(LAB.jnet().json("network", "ls")).isEmpty();
        assertThat(before.difference(HostDump.of(host()))).isEmpty();
    }

    /** What jnet shows, in no order. */
    private record Seen(Set<String> networks, Set<String> endpoints, Set<String> ports) {
        static Seen now() {
            return new Seen(texts("network", "ls"), texts("endpoint", "ls"), texts("ports"));
        }

        private static Set<String> texts(String... command) {
            return StreamSupport.stream(LAB.jnet().json(command).spliterator(), false)
                    .map(node -> ((ObjectNode) node).without(List.of("ports", "traffic")))
                    .map(JsonNode::toString)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> addresses(String prefix) {
        return StreamSupport.stream(LAB.jnet().json("ipam", "leases").spliterator(), false)
                .map(lease -> lease.path("address").asString())
                .filter(address -> address.startsWith(prefix))
                .toList();
    }

    private CniCall.Answer add(String container, String keys) {
        host().run("ip", "netns", "add", container);
        return call("ADD", container, keys).run(host());
    }

    private static CniCall call(String command, String container, String keys) {
        return CniCall.of(command, container, CNI.formatted(keys));
    }

    private void serve(String container) {
        server = host().start("ip", "netns", "exec", container, "bash", "-c", Servers.tellPeer(PORT));
        Eventually.holds(
                "a server in " + container, PATIENCE, () -> host().run("ip", "netns", "exec", container, "ss", "-Hltn")
                        .text()
                        .contains(":" + PORT));
    }

    private static Probe outside() {
        return Probe.on(LAB.lab().outside());
    }

    private static Machine host() {
        return LAB.host();
    }
}
