package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.command.Commands;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.livinghost.LivingHost;
import io.jnet.daemon.prune.Pause;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnet trace} on a host with a working jnet, with packets of all kinds of ends. */
@KernelTest
class TraceKernelTest {
    private static final String KEYS =
            "\"isDefaultGateway\": true, \"ipMasq\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.%d.0.0/24\"}]]}";
    private static final String WEB = KEYS.formatted(77);
    private static final String BACKEND =
            "\"isGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.79.0.0/24\"}]]}";
    private static final String PORT = "{\"hostPort\": 8080, \"containerPort\": 80, \"protocol\": \"tcp\"}";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final List<ServerSocket> servers = new ArrayList<>();
    private LivingHost host;
    private String dockerHost = "unix:///nowhere";
    private FreshNamespace web;
    private FreshNamespace neighbour;

    @BeforeEach
    void start() {
        host = LivingHost.start(folder);
        web = host.attach("web", WEB, "c1", PORT);
        neighbour = host.attach("web", WEB, "c2", "");
        host.attach("other", KEYS.formatted(78) + ", \"ingressPolicy\": \"same-bridge\"", "c3", "");
    }

    @AfterEach
    void stop() throws IOException {
        for (ServerSocket server : servers) {
            server.close();
        }
        host.close();
    }

    @Test
    void aPublishedPortFromOutside() throws Exception {
        listen(web, 80);
        try (Knocking client = new Knocking(host.outside(), LivingHost.ADDRESS, 8080)) {
            assertThat(run("trace", "outside", "198.51.100.10:8080")).isZero();
            assertThat(client.isThere()).isTrue();
        }
        assertThat(out.toString())
                .contains(
                        "tcp 198.51.100.1:",
                        "dport map @published4: accept\n",
                        "forward: table inet jnet, chain accepted")
                .containsPattern(
                        "translated to 10.77.0.2 port 80: published port 8080 of endpoint \\S+ of network web\n")
                .containsPattern(
                        "let through by all rules, and sent out by jbr-\\S+ to endpoint \\S+ of network web \\(10.77.0.2\\)\n")
                .endsWith("answered\n");
    }

    /** Its clients try again without an end, and are not waited for. */
    @Test
    @Timeout(20)
    void aPublishedPortThatNothingListensOn() throws Exception {
        try (Knocking client = new Knocking(host.outside(), LivingHost.ADDRESS, 8080)) {
            assertThat(run("trace", "198.51.100.1", "198.51.100.10:8080", "--timeout", "30"))
                    .isEqualTo(1);
            assertThat(client.isThere()).isTrue();
        }
        assertThat(out.toString())
                .endsWith("no connection: the container or machine there sent RST: nothing listens on port 80 there\n");
    }

    @Test
    void fromTheHostItself() throws Exception {
        listen(web, 80);
        assertThat(runUntilAnswered("trace", "host", "198.51.100.10:8080")).isZero();
        assertThat(out.toString())
                .contains("output: table inet jnet", "translated to 10.77.0.2 port 80")
                .endsWith("answered\n");
        assertThat(runUntilAnswered("trace", "host", "198.51.100.10:81")).isEqualTo(1);
        assertThat(out.toString())
                .contains("let through to this host itself: no published port led it to a container\n")
                .endsWith("no connection: this host sent RST: nothing listens on port 81 there\n");
    }

    /** IPv6 for a container without it: a connection is there before anybody has asked the container. */
    @Test
    void aPortThatTheDaemonServes() throws Exception {
        assertThat(runUntilAnswered("trace", "host", "[2001:db8::10]:8080")).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern(
                        "let through to this host itself: the daemon passes on published port 8080 of endpoint \\S+ of network web, to 10.77.0.2 port 80\n")
                .endsWith(
                        "no connection: the daemon took it and reset it, as it does when the container refuses, and with senders whom it may not let in\n");
        listen(web, 80);
        for (String address : List.of("[2001:db8::10]", "[::1]")) {
            assertThat(runUntilAnswered("trace", "host", address + ":8080")).isZero();
            assertThat(out.toString())
                    .contains("the daemon passes on published port 8080 ")
                    .endsWith(
                            "answered by the daemon: whether the container answers it, \"jnet trace host 10.77.0.2:80\" tells\n");
        }
    }

    @Test
    void aPortThatTheDaemonServesFromOutside() throws Exception {
        try (Knocking client = new Knocking(host.outside(), "2001:db8::10", 8080)) {
            assertThat(run("trace", "outside", "[2001:db8::10]:8080")).isZero();
            assertThat(client.isThere()).isTrue();
        }
        assertThat(out.toString())
                .contains("the daemon passes on published port 8080 ")
                .endsWith("\"jnet trace host 10.77.0.2:80\" tells\n");
    }

    @Test
    void whatAContainerSaysByThePortThatTheDaemonServes() throws Exception {
        ServerSocket server = web.call(() -> new ServerSocket(80));
        servers.add(server);
        Thread greeting = new Thread(() -> greet(server), "server");
        greeting.start();
        assertThat(runUntilAnswered("trace", "host", "[::1]:8080")).isZero();
        assertThat(out.toString()).endsWith("\nanswered\n");
        greeting.join();
    }

    private static void greet(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write(1);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void betweenNetworks() {
        assertThat(run("trace", "10.77.0.2", "10.78.0.2:80")).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern(
                        "dropped in forward by jnet: by the rule \"oifname @bridges counter drop\" of chain out_of_network in table inet jnet, since networks are kept apart.*\n$");
    }

    @Test
    void betweenNeighbours() throws Exception {
        listen(neighbour, 80);
        for (String setting : List.of("0", "1")) {
            io.jnet.netlink.testkit.Commands.run("sysctl", "-q", "-w", "net.bridge.bridge-nf-call-iptables=" + setting);
            assertThat(runUntilAnswered("trace", "10.77.0.2", "10.77.0.3:80")).isZero();
            assertThat(out.toString()).contains("table bridge jnet").endsWith("answered\n");
            assertThat(runUntilAnswered("trace", "10.77.0.2", "10.77.0.3:81")).isEqualTo(1);
            assertThat(out.toString()).endsWith("nothing listens on port 81 there\n");
        }
    }

    /** By an address of the other network it would be dropped as a stranger's. */
    @Test
    void aContainerOnSeveralNetworksSendsAsItsRoutesSay() throws Exception {
        host.attachAlso(web, "backend", BACKEND, "c1");
        listen(host.outside(), 80);
        for (String network : List.of("web", "backend")) {
            assertThat(runUntilAnswered("trace", endpoint(network, 0), "198.51.100.1:80"))
                    .as(out.toString())
                    .isZero();
            assertThat(out.toString()).startsWith("tcp 10.77.0.2:").endsWith("answered\n");
        }
        assertThat(run("trace", "10.79.0.2", "198.51.100.1:80"))
                .as("as it is told")
                .isEqualTo(1);
        assertThat(out.toString()).startsWith("tcp 10.79.0.2:").contains("chain raw_stranger");
    }

    @Test
    void itsPacketsAreWaitedForByAllItsAddresses() throws Exception {
        host.attachAlso(web, "backend", BACKEND, "c1");
        listen(host.outside(), 80);
        try (Knocking client = new Knocking(web, LivingHost.OUTSIDE, 80)) {
            assertThat(run("trace", endpoint("backend", 0), "198.51.100.1:80", "--wait", "--timeout", "30"))
                    .isZero();
            assertThat(client.isThere()).isTrue();
        }
        assertThat(out.toString()).contains("tcp 10.77.0.2:").endsWith("answered\n");
    }

    @Test
    void aContainerOnSeveralNetworksIsReachedByTheOneInCommon() throws Exception {
        host.attachAlso(neighbour, "admin", BACKEND, "c2");
        listen(neighbour, 80);
        Path docker = folder.resolve("d.sock");
        try (UnixHttpServer fake = docker(docker, endpoint("admin", 0), endpoint("web", 1))) {
            fake.publish();
            dockerHost = "unix://" + docker;
            assertThat(runUntilAnswered("trace", "10.77.0.2", "shop:80")).isZero();
            assertThat(out.toString()).contains(" -> 10.77.0.3:80\n").endsWith("answered\n");
        }
    }

    @Test
    void byAnotherTable() {
        nft(
                "add table inet filter; add chain inet filter forward { type filter hook forward priority 0; policy drop; }");
        assertThat(run("trace", "10.77.0.2", "198.51.100.1:80")).isEqualTo(1);
        assertThat(out.toString())
                .endsWith("dropped in forward by another table: by the policy of chain forward in table inet filter\n");
        nft("delete table inet filter");
        io.jnet.netlink.testkit.Commands.run("iptables", "-I", "FORWARD", "-p", "tcp", "--dport", "80", "-j", "DROP");
        assertThat(run("trace", "10.77.0.2", "198.51.100.1:80")).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern(
                        "dropped in forward by iptables: by the rule \".*80.*drop\" of chain FORWARD in table ip filter\n$");
    }

    @Test
    void anAnswerThatIsDropped() throws Exception {
        listen(host.outside(), 80);
        assertThat(runUntilAnswered("trace", "10.77.0.2", "198.51.100.1:80")).isZero();
        assertThat(out.toString()).contains("the answer\n").endsWith("answered\n");
        nft(
                "add table inet mine; add chain inet mine pre { type filter hook forward priority 0; }; add rule inet mine pre tcp sport 80 drop");
        assertThat(run("trace", "10.77.0.2", "198.51.100.1:80")).isEqualTo(1);
        assertThat(out.toString())
                .endsWith(
                        "the answer was dropped in forward by another table: by the rule \"tcp sport 80 drop\" of chain pre in table inet mine\n");
    }

    @Test
    void noRoute() {
        io.jnet.netlink.testkit.Commands.run("ip", "route", "del", "default");
        assertThat(run("trace", "10.77.0.2", "192.0.2.1:80")).isEqualTo(1);
        assertThat(out.toString()).endsWith("taken no further: no route to 192.0.2.1\n");
        assertThat(run("trace", "host", "192.0.2.1:80")).isEqualTo(1);
        assertThat(out.toString()).contains("no route: the sender has no way to 192.0.2.1");
    }

    @Test
    void nobodyThere() {
        assertThat(run("trace", "10.77.0.2", "10.77.0.99:80")).isEqualTo(1);
        assertThat(out.toString()).contains("nobody answers for 10.77.0.99");
    }

    @Test
    void datagrams() {
        assertThat(runUntilAnswered("trace", "10.77.0.2", "198.51.100.1:9/udp")).isEqualTo(1);
        assertThat(out.toString())
                .startsWith("udp 10.77.0.2:")
                .endsWith("no answer: the container or machine there says that nothing has port 9 there\n");
    }

    @Test
    void whatTheReceiversFirewallRejects() {
        for (String reason : List.of("port-unreachable", "admin-prohibited", "host-unreachable")) {
            for (FreshNamespace receiver : List.of(host.outside(), neighbour)) {
                reject(receiver, reason);
                String address = receiver == neighbour ? "10.77.0.3" : LivingHost.OUTSIDE;
                assertThat(runUntilAnswered("trace", "10.77.0.2", address + ":80"))
                        .isEqualTo(1);
                assertThat(out.toString())
                        .as(reason)
                        .containsPattern(
                                "no connection: refused by ICMP, as a firewall does, by .*" + address + "\\)?\n$");
            }
        }
        assertThat(runUntilAnswered("trace", "host", "[2001:db8::1]:80")).isEqualTo(1);
        assertThat(out.toString()).endsWith("refused by ICMP, as a firewall does, by 2001:db8::1\n");
    }

    @Test
    void whatTheReceiversFirewallRejectsOfSomebodyElse() throws Exception {
        reject(host.outside(), "admin-prohibited");
        try (Knocking client = new Knocking(web, LivingHost.OUTSIDE, 80)) {
            assertThat(run("trace", "10.77.0.2", "198.51.100.1:80", "--wait", "--timeout", "30"))
                    .isEqualTo(1);
            assertThat(client.isThere()).isTrue();
        }
        assertThat(out.toString()).endsWith("no connection: refused by ICMP, as a firewall does, by 198.51.100.1\n");
    }

    /** Beside what a firewall says. */
    @Test
    void whatARouterKnowsNoWayTo() {
        host.outside().call(() -> io.jnet.netlink.testkit.Commands.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1"));
        assertThat(runUntilAnswered("trace", "10.77.0.2", "192.0.2.1:80")).isEqualTo(1);
        assertThat(out.toString())
                .endsWith(
                        "no answer: 198.51.100.1 says that 192.0.2.1 is not reachable: nobody has that address on its network, or there is no route\n");
    }

    private static void reject(FreshNamespace where, String reason) {
        where.call(() -> {
            nft(
                    "add table inet r; delete table inet r; add table inet r; add chain inet r in { type filter hook input priority 0; };"
                            + " add rule inet r in tcp dport 80 reject with icmpx type " + reason);
            return true;
        });
    }

    /** Once a client of the host's, and the outside's that there is as well is not taken for it. */
    @Test
    void whatTheHostItselfSendsIsWaitedFor() throws Exception {
        listen(web, 80);
        try (Knocking client = new Knocking(host.outside(), LivingHost.ADDRESS, 8080)) {
            assertThat(run("trace", "host", "198.51.100.10:8080", "--wait")).isEqualTo(1);
            assertThat(out.toString()).endsWith("no such packet came\n");
            assertThat(client.isThere()).isTrue();
        }
    }

    @Test
    void whatContainersSendIsNotFromOutside() throws Exception {
        listen(web, 80);
        FreshNamespace named = host.attach("named", KEYS.formatted(79) + ", \"bridge\": \"br7\"", "c4", "");
        for (FreshNamespace container : List.of(neighbour, named)) {
            try (Knocking client = new Knocking(container, LivingHost.ADDRESS, 8080)) {
                assertNothingComesFromOutside(8080);
                assertThat(client.isThere()).isTrue();
            }
        }
    }

    @Test
    void whatTheHostSendsToItselfIsNotFromOutside() throws Exception {
        try (Knocking client = Knocking.ofHost(LivingHost.ADDRESS, 81)) {
            assertNothingComesFromOutside(81);
            assertThat(client.isThere()).isTrue();
        }
    }

    private void assertNothingComesFromOutside(int port) {
        assertThat(run("trace", "outside", LivingHost.ADDRESS + ":" + port, "--timeout", "1"))
                .as(out.toString())
                .isEqualTo(1);
        assertThat(out.toString()).endsWith("no such packet came\n");
    }

    @Test
    void nothingCame() {
        assertThat(run("trace", "outside", "198.51.100.10:8080", "--timeout", "1"))
                .isEqualTo(1);
        assertThat(out.toString()).endsWith("no such packet came\n");
    }

    @Test
    void nothingIsLeft() {
        run("trace", "10.77.0.2", "10.78.0.2:80");
        assertThat(io.jnet.netlink.testkit.Commands.run("nft", "list", "tables"))
                .doesNotContain("trace");
    }

    @Test
    void whatIsNotUnderstood() {
        assertThat(run("trace", "outside", "198.51.100.10")).isEqualTo(2);
        assertThat(out.toString()).startsWith("jnet: invalid target");
        assertThat(run("trace", "nobody", "198.51.100.10:80")).isEqualTo(1);
        assertThat(out.toString())
                .startsWith(
                        "jnet: no endpoint nobody, and Docker, asked for a container of that name, does not answer");
        assertThat(run("trace", "2001:db8::1", "198.51.100.10:80")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("jnet: FROM and TO are of different address families\n");
    }

    /** Where an answer is due, be it a refusal: returned from as soon as it is there. */
    private int runUntilAnswered(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--timeout", "20"));
        return run(all.toArray(new String[0]));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--socket", host.socket().toString()));
        if (!all.contains("outside") && !all.contains("--timeout")) {
            all.addAll(List.of("--timeout", "1"));
        }
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        CommandContext context =
                new CommandContext(writer, writer, Map.of("DOCKER_HOST", dockerHost), Pause.ONE_SECOND);
        int status = Commands.run(context, (state, pools, deployment) -> null, all.toArray(new String[0]));
        return status;
    }

    /** The id of an endpoint, by the order of addresses. */
    private String endpoint(String network, int number) {
        return DaemonSays.ask(host.socket()).endpoints().stream()
                .filter(endpoint -> endpoint.networkName().equals(network))
                .sorted(Comparator.comparing(endpoint -> endpoint.addresses().get(0)))
                .map(EndpointView::id)
                .toList()
                .get(number);
    }

    /** Knows a container, with its endpoints in this order. */
    private static UnixHttpServer docker(Path socket, String first, String second) {
        SocketFile file = SocketFile.at(socket);
        file.prepare();
        return UnixHttpServer.bind(
                file,
                new ServerLimits(2, PATIENCE, PATIENCE, 0, PeerPolicy.root()),
                routes -> routes.get(
                        "/containers/shop/json",
                        context -> context.result(
                                "{\"NetworkSettings\":{\"Networks\":{\"a\":{\"EndpointID\":\"%s\"},\"b\":{\"EndpointID\":\"%s\"}}}}"
                                        .formatted(first, second))));
    }

    private static void nft(String commands) {
        io.jnet.netlink.testkit.Commands.run("nft", commands);
    }

    private void listen(FreshNamespace where, int port) {
        servers.add(where.call(() -> new ServerSocket(port)));
    }

    /** A client that connects again and again. */
    private static final class Knocking implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        Knocking(FreshNamespace from, String address, int port) {
            this(address, port);
            from.call(() -> {
                // Threads are in the namespace of who starts them.
                thread.start();
                return true;
            });
        }

        private Knocking(String address, int port) {
            thread = new Thread(() -> knock(address, port), "client");
        }

        static Knocking ofHost(String address, int port) {
            Knocking client = new Knocking(address, port);
            client.thread.start();
            return client;
        }

        boolean isThere() {
            return thread.isAlive();
        }

        private void knock(String address, int port) {
            while (!over.get()) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), 500);
                } catch (IOException refused) {
                    // As it may be.
                }
                LockSupport.parkNanos(50_000_000);
            }
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
