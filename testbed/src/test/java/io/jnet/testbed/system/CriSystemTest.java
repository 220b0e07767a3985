package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.testbed.cri.Containerd;
import io.jnet.testbed.cri.CriClient;
import io.jnet.testbed.cri.Pod;
import io.jnet.testbed.cri.Pod.HostPort;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Pods of containerd's CRI service, on a host where jnet is the only plugin, {@code loopback} included. */
@SystemTest
class CriSystemTest {
    @RegisterExtension
    static final CriLab LAB = new CriLab();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    /** Twice what is promised for what nobody uses any more (docs/reliability.md): the machine has other tests to run. */
    private static final Duration FREED = Duration.ofSeconds(20);

    private static final Duration SETTLED = Duration.ofSeconds(30);
    /** It ends namespaces one after the other, those of other tests too. */
    private static final Duration KERNEL = Duration.ofSeconds(60);

    private static final int PORT = 80;
    private static final int HOST_PORT = 8088;
    private static final Pod WEB = Pod.of("web", HostPort.tcp(HOST_PORT, PORT));

    private static final int TOGETHER = 6;
    private static final String DUAL =
            """
            {"cniVersion": "1.0.0", "name": "dual", "plugins": [{"type": "jnet", "isDefaultGateway": true, "ipMasq": true,
              "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.87.0.0/24"}], [{"subnet": "fd87::/64"}]]},
              "capabilities": {"portMappings": true}}]}
            """;

    /** The host when its network is there and no pod is. */
    private static HostDump empty;

    @BeforeAll
    static void install() {
        assertThat(cri().networkReady()).as("without a configuration").isFalse();
        Containerd.configure(LAB.jnet());
        Eventually.holds("containerd has seen the configuration", AT_ONCE, () -> cri().networkReady());
        assertThat(host().shell("ls " + Containerd.PLUGINS).lines()).containsExactly("jnet", "loopback");
        dumpTheHostWithoutPods();
    }

    private static void dumpTheHostWithoutPods() {
        String first = cri().runPod(WEB);
        cri().stopPod(first);
        cri().removePod(first);
        empty = HostDump.of(host());
    }

    @Test
    void aPodHasItsAddressAndPublishesItsPort() {
        String sandbox = serve(WEB);
        String address = cri().podStatus(sandbox).address();
        assertThat(address).startsWith("10.86.0.");
        JsonNode endpoints = LAB.jnet().json("endpoint", "ls");
        assertThat(endpoints).hasSize(1);
        assertThat(endpoints.at("/0/addresses/0").asString()).isEqualTo(address + "/24");
        assertThat(LAB.jnet().run("ports").orThrow().text()).contains("0.0.0.0:" + HOST_PORT, "pods");

        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, HOST_PORT))
                .as("what the pod saw of its client")
                .contains(Lab.OUTSIDE_ADDRESS);
        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT))
                .as("as critest asks")
                .isTrue();
        assertThat(Probe.on(host()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches(address, PORT)).isTrue();
    }

    @Test
    void containersOfAPodShareItsNetwork() {
        String sandbox = serve(WEB);
        String client = cri().startContainer(sandbox, WEB, "client", "sleep", "1000000");
        Probe inside = in(client);
        assertThat(inside.tcp("127.0.0.1", PORT)).contains("127.0.0.1");
        assertThat(inside.pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        String interfaces = run(client, "ip address").orThrow().text();
        assertThat(interfaces)
                .contains("inet " + cri().podStatus(sandbox).address() + "/24")
                .containsPattern("lo: <LOOPBACK,UP,LOWER_UP>");
    }

    @Test
    void podsReachEachOther() {
        String server = cri().podStatus(serve(WEB)).address();
        Pod other = Pod.of("other");
        String client = cri().startContainer(cri().runPod(other), other, "client", "sleep", "1000000");
        assertThat(in(client).reaches(server, PORT)).isTrue();
        assertThat(in(client).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .as("by the published port")
                .isTrue();
    }

    /** Of the kubelet's word for its resolver nothing is known here: the client asks the gateway. */
    @Test
    void podsFindEachOtherByTheirNames() {
        String server = cri().podStatus(serve(WEB)).address();
        Pod other = Pod.of("other");
        String client = cri().startContainer(cri().runPod(other), other, "client", "sleep", "1000000");
        for (String name : List.of("web", "web.pods.jnet.internal")) {
            assertThat(run(client, "nslookup -type=a " + name + ". 10.86.0.1")
                            .orThrow()
                            .text())
                    .as(name)
                    .contains("Address: " + server);
        }
        assertThat(run(client, "nslookup -type=a nobody. 10.86.0.1").everything())
                .contains("NXDOMAIN");
    }

    /** What the end-to-end test of Kubernetes for host ports does. */
    @Test
    void podsShareAPortByAddressAndProtocol() {
        serve(Pod.of("loopback", HostPort.tcp("127.0.0.1", HOST_PORT, PORT)));
        serve(Pod.of("address", HostPort.tcp(Lab.HOST_ADDRESS, HOST_PORT, PORT)));
        Pod datagrams = Pod.of("datagrams", HostPort.udp(Lab.HOST_ADDRESS, HOST_PORT, PORT));
        String sandbox = cri().runPod(datagrams);
        start(sandbox, datagrams, Servers.tellSender(PORT));

        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        Probe outside = Probe.on(LAB.lab().outside());
        assertThat(outside.tcp(Lab.HOST_ADDRESS, HOST_PORT)).contains(Lab.OUTSIDE_ADDRESS);
        assertThat(outside.udp(Lab.HOST_ADDRESS, HOST_PORT)).contains(Lab.OUTSIDE_ADDRESS);
        assertThatThrownBy(() -> cri().runPod(Pod.of("all", HostPort.tcp(HOST_PORT, PORT))))
                .hasMessageContaining(Integer.toString(HOST_PORT));
    }

    @Test
    void podsHaveAddressesOfBothFamilies() {
        String configuration = Containerd.CONFIGURATIONS + "/05-dual.conflist";
        host().run(List.of("tee", Containerd.CONFIGURATIONS + "/.dual"), DUAL).orThrow();
        host().run("mv", Containerd.CONFIGURATIONS + "/.dual", configuration).orThrow();
        Eventually.holds("containerd has seen the configuration", AT_ONCE, () -> cri().networkConfiguration()
                .contains("\"dual\""));
        try {
            String sandbox = cri().runPod(WEB);
            String server = start(sandbox, WEB, Servers.tellPeer(PORT) + " & " + Servers.tellPeer6(PORT));
            Eventually.holds(
                    "a server of the other family",
                    AT_ONCE,
                    () -> run(server, "netstat -lnt").lines().stream()
                                    .filter(line -> line.contains(":" + PORT + " "))
                                    .count()
                            == 2);
            List<String> addresses = cri().podStatus(sandbox).addresses();
            assertThat(addresses).hasSize(2);
            assertThat(addresses.get(0)).startsWith("10.87.0.");
            assertThat(addresses.get(1)).startsWith("fd87::");
            Probe outside = Probe.on(LAB.lab().outside());
            assertThat(outside.tcp(Lab.HOST_ADDRESS, HOST_PORT)).contains(Lab.OUTSIDE_ADDRESS);
            assertThat(outside.tcp("[" + Lab.HOST_ADDRESS_6 + "]", HOST_PORT))
                    .contains("2001:0db8:0000:0000:0000:0000:0000:0001");
            cri().stopPod(sandbox);
            cri().removePod(sandbox);
        } finally {
            host().run("rm", configuration).orThrow();
            Eventually.holds("containerd has seen that it is gone", AT_ONCE, () -> cri().networkConfiguration()
                    .contains("\"pods\""));
            LAB.jnet().run("network", "rm", "dual");
        }
        assertHostIsEmpty();
    }

    @Test
    void podsStartAndStopTogether() throws InterruptedException {
        ExecutorService kubelet = Executors.newFixedThreadPool(TOGETHER);
        try {
            List<Future<String>> sandboxes = kubelet.invokeAll(IntStream.range(0, TOGETHER)
                    .<Callable<String>>mapToObj(
                            number -> () -> cri().runPod(Pod.of("pod" + number, HostPort.tcp(9000 + number, PORT))))
                    .toList());
            assertThat(sandboxes.stream().map(CriSystemTest::done).map(sandbox -> cri().podStatus(sandbox)
                            .address()))
                    .doesNotHaveDuplicates()
                    .hasSize(TOGETHER);
            kubelet.invokeAll(sandboxes.stream()
                            .<Callable<Boolean>>map(sandbox -> () -> {
                                cri().stopPod(sandbox.get());
                                cri().removePod(sandbox.get());
                                return true;
                            })
                            .toList())
                    .forEach(CriSystemTest::done);
        } finally {
            kubelet.shutdown();
        }
        assertNoEndpoint();
        assertHostIsEmpty();
    }

    private static <T> T done(Future<T> work) {
        try {
            return work.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsLeftOfAPod() {
        String sandbox = serve(WEB);
        assertThat(empty.difference(HostDump.of(host())))
                .as("a dump sees something of it")
                .isNotEmpty();
        cri().stopPod(sandbox);
        assertNoEndpoint();
        // As the kubelet does: until it has seen that the pod is gone.
        cri().stopPod(sandbox);
        cri().removePod(sandbox);
        cri().removePod(sandbox);
        assertHostIsEmpty();
    }

    @Test
    void aPodWhosePauseProcessWasKilledIsStoppedAndRemoved() {
        String sandbox = serve(WEB);
        LAB.containerd().killTask(sandbox);
        Eventually.holds("containerd has seen it", AT_ONCE, () -> !cri().podStatus(sandbox)
                .ready());
        cri().stopPod(sandbox);
        cri().removePod(sandbox);
        assertNoEndpoint();
        assertHostIsEmpty();
        // The kubelet makes the pod again.
        serve(WEB);
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isTrue();
    }

    @Test
    void aPodWhoseNamespaceIsGoneIsStoppedAndRemoved() {
        String sandbox = cri().runPod(WEB);
        LAB.containerd().killTask(sandbox);
        Eventually.holds("containerd has seen it", AT_ONCE, () -> !cri().podStatus(sandbox)
                .ready());
        host().shell("ip netns delete $(ls /run/netns)");
        Eventually.holds("the kernel has ended it", KERNEL, () -> !host().shell("ip -brief link")
                .contains("jv"));
        Eventually.holds(
                "what it held is free",
                FREED,
                () -> LAB.jnet().json("endpoint", "ls").isEmpty() && leases().isEmpty());
        cri().stopPod(sandbox);
        cri().removePod(sandbox);
        assertHostIsEmpty();
    }

    @Test
    void aPortThatIsTakenFailsThePodAndNothingElse() {
        serve(WEB);
        HostDump before = HostDump.of(host());
        assertThatThrownBy(() -> cri().runPod(Pod.of("second", HostPort.tcp(HOST_PORT, PORT))))
                .hasMessageContaining(Integer.toString(HOST_PORT));
        assertThat(Eventually.settled(SETTLED, () -> before.difference(HostDump.of(host())), String::isEmpty))
                .isEmpty();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .as("the first")
                .isTrue();
    }

    @Test
    void podsOutliveTheRuntimeAndTheDaemon() {
        String sandbox = serve(WEB);
        LAB.containerd().kill();
        LAB.jnet().kill();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isTrue();
        LAB.jnet().startAgain();
        LAB.containerd().startAgain();
        Eventually.holds("containerd has its configuration", AT_ONCE, () -> cri().networkReady());
        assertThat(cri().podStatus(sandbox).ready()).isTrue();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isTrue();
        cri().stopPod(sandbox);
        cri().removePod(sandbox);
        assertNoEndpoint();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isFalse();
    }

    @Test
    void podsComeAndGoWithoutTheDaemon() {
        String before = serve(Pod.of("before"));
        LAB.jnet().kill();
        try {
            String sandbox = serve(WEB);
            assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                    .isTrue();
            for (String pod : List.of(before, sandbox)) {
                cri().stopPod(pod);
                cri().removePod(pod);
            }
        } finally {
            LAB.jnet().startAgain();
        }
        // Calls without a daemon wait for each other with it.
        host().run("rm", "/run/jnet/cni.lock").orThrow();
        assertNoEndpoint();
        assertHostIsEmpty();
    }

    @Test
    void podsOfBeforeARebootAreRemoved() {
        String sandbox = cri().runPod(WEB);
        LAB.containerd().kill();
        host().reboot();
        LAB.jnet().startAgain();
        LAB.containerd().startAgain();
        Eventually.holds("containerd has its configuration", AT_ONCE, () -> cri().networkReady());
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        Eventually.holds("its address is free", FREED, () -> leases().isEmpty());
        assertThat(cri().podStatus(sandbox).ready()).isFalse();
        String next = serve(Pod.of("next", HostPort.tcp(HOST_PORT, PORT)));
        String address = cri().podStatus(next).address();

        cri().stopPod(sandbox);
        cri().removePod(sandbox);
        assertThat(cri().pods()).containsExactly(next);
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .as("the pod that has come since")
                .isTrue();
        assertThat(Probe.on(host()).pings(address)).isTrue();
        cri().stopPod(next);
        cri().removePod(next);
        assertNoEndpoint();
        dumpTheHostWithoutPods();
    }

    private static String serve(Pod pod) {
        String sandbox = cri().runPod(pod);
        start(sandbox, pod, Servers.tellPeer(PORT));
        return sandbox;
    }

    private static String start(String sandbox, Pod pod, String line) {
        String server = cri().startContainer(sandbox, pod, "server", "sh", "-c", line);
        Eventually.holds("a server in " + pod.name(), AT_ONCE, () -> run(server, "netstat -lntu")
                .text()
                .contains(":" + PORT + " "));
        return server;
    }

    private static Probe in(String container) {
        return command -> cri().exec(container, command);
    }

    private static CommandResult run(String container, String line) {
        return in(container).execute(List.of("sh", "-c", line));
    }

    private static void assertNoEndpoint() {
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        assertThat(leases()).isEmpty();
    }

    private static List<JsonNode> leases() {
        return StreamSupport.stream(LAB.jnet().json("ipam", "leases").spliterator(), false)
                .filter(lease -> lease.path("purpose").asString().equals("endpoint"))
                .toList();
    }

    private static void assertHostIsEmpty() {
        assertThat(Eventually.settled(SETTLED, () -> empty.difference(HostDump.of(host())), String::isEmpty))
                .isEmpty();
    }

    private static CriClient cri() {
        return LAB.containerd().client();
    }

    private static Machine host() {
        return LAB.lab().host();
    }
}
