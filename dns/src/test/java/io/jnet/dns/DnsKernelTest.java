package io.jnet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.dns.listen.SocketKeeper;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.Network;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners at bridges, and who gets an answer. */
@KernelTest
class DnsKernelTest {
    private static final int PORT = 53;
    private static final int PATIENCE = AskedText.PATIENCE;
    /** How long an answer is waited for that must not come, in milliseconds. */
    private static final int SILENCE = 300;

    private static final String GATEWAY = BridgedHost.address4(1, 1);
    private static final String GATEWAY_6 = BridgedHost.address6(1, 1);

    private final EchoResponder responder = new EchoResponder();
    private final Dns dns = new Dns(responder, SocketKeeper.NONE, network -> PORT);
    private final BridgedHost host = new BridgedHost();

    @AfterEach
    void close() {
        dns.close();
        host.close();
    }

    @Test
    void answersByUdpAndTcpOnBothFamilies() {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        dns.serve(network);
        assertThat(dns.port(network.id())).hasValue(PORT);
        assertThat(dns.notes()).isEmpty();

        assertThat(AskedText.udp(container, GATEWAY, PORT, "web", PATIENCE)).hasValue("web 10.77.1.2 network1 UDP");
        assertThat(AskedText.tcp(container, GATEWAY, PORT, "web")).isEqualTo("web 10.77.1.2 network1 TCP");
        // The kernel is still asking whether somebody else has the bridge's IPv6 address.
        assertThat(eventually(() -> AskedText.udp(container, GATEWAY_6, PORT, "web", SILENCE)))
                .isEqualTo("web fd77:1::2 network1 UDP");
        assertThat(AskedText.tcp(container, GATEWAY_6, PORT, "web")).isEqualTo("web fd77:1::2 network1 TCP");
    }

    @Test
    void answersThatComeLaterGetThere() throws Exception {
        dns.serve(host.bridge(1));
        FreshNamespace container = host.container(1, 2);
        ExecutorService asking = Executors.newSingleThreadExecutor();
        try {
            Future<Optional<String>> answer =
                    asking.submit(() -> AskedText.udp(container, GATEWAY, PORT, "later web", PATIENCE));
            await(() -> responder.waiting() == 1);
            responder.answerAll();
            assertThat(answer.get()).hasValue("later web 10.77.1.2 network1 UDP");
        } finally {
            asking.shutdownNow();
        }
    }

    @Test
    void whatComesByAnotherLinkIsNotAnswered() throws Exception {
        dns.serve(host.bridge(1));
        dns.serve(host.bridge(2));
        FreshNamespace own = host.container(1, 2);
        FreshNamespace other = host.container(2, 2);
        assertThat(AskedText.udp(own, GATEWAY, PORT, "web", PATIENCE)).isPresent();
        assertThat(AskedText.udp(other, BridgedHost.address4(2, 1), PORT, "web", PATIENCE))
                .hasValue("web 10.77.2.2 network2 UDP");
        // The way is there: somebody else at that address is reached by the other bridge.
        try (DatagramSocket reached = new DatagramSocket(new InetSocketAddress(GATEWAY, 5353))) {
            reached.setSoTimeout(PATIENCE);
            AskedText.udp(other, GATEWAY, 5353, "web", 1);
            reached.receive(new DatagramPacket(new byte[100], 100));
        }

        assertThat(AskedText.udp(other, GATEWAY, PORT, "web", SILENCE)).isEmpty();
        assertThatThrownBy(() -> AskedText.tcp(other, GATEWAY, PORT, "web")).isInstanceOf(IOException.class);
    }

    /** To the kernel what the host sends to an address of a bridge has come by the bridge. */
    @Test
    void theHostItselfMayAsk() throws Exception {
        dns.serve(host.bridge(1));
        assertThat(AskedText.udp(GATEWAY, PORT, "web", PATIENCE)).hasValue("web 10.77.1.1 network1 UDP");
        try (Socket connection = AskedText.connect(GATEWAY, PORT)) {
            AskedText.send(connection, "web");
            assertThat(AskedText.receive(connection)).isEqualTo("web 10.77.1.1 network1 TCP");
        }
    }

    @Test
    void somebodyElseAtAllAddressesKeepsThePort() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        try (DatagramSocket resolver = new DatagramSocket(PORT)) {
            dns.serve(network);
            int port = dns.port(network.id()).orElseThrow();
            assertThat(port).isBetween(900, 1023);
            assertThat(dns.notes()).isEmpty();
            assertThat(resolver.isBound()).isTrue();

            assertThat(AskedText.udp(container, GATEWAY, port, "web", PATIENCE)).isPresent();
            assertThat(AskedText.tcp(container, GATEWAY, port, "web")).isNotEmpty();
            eventually(() -> AskedText.udp(container, GATEWAY_6, port, "web", SILENCE));
            assertThat(AskedText.tcp(container, GATEWAY_6, port, "web")).isNotEmpty();
        }
        dns.stop(network.id());
        assertThat(dns.notes()).isEmpty();
        dns.serve(network);
        assertThat(dns.port(network.id())).hasValue(PORT);
        assertThatThrownBy(() -> new DatagramSocket(PORT).close()).isInstanceOf(BindException.class);
    }

    @Test
    void port53IsLeftToOthersAndANetworkKeepsItsPort() throws Exception {
        Network network = host.bridge(1);
        int port;
        try (Dns usual = new Dns(responder)) {
            usual.serve(network);
            port = usual.port(network.id()).orElseThrow();
            assertThat(port).isBetween(900, 1023);
            try (DatagramSocket udp = new DatagramSocket(PORT);
                    ServerSocket tcp = new ServerSocket(PORT)) {
                assertThat(udp.isBound() && tcp.isBound()).isTrue();
            }
        }
        try (Dns next = new Dns(responder)) {
            next.serve(network);
            assertThat(next.port(network.id())).hasValue(port);
        }
    }

    @Test
    void aPortThatOnlyTcpHasNotIsTakenToo() throws Exception {
        Network network = host.bridge(1);
        try (ServerSocket resolver = new ServerSocket(PORT)) {
            dns.serve(network);
            assertThat(dns.port(network.id()).orElseThrow()).isBetween(900, 1023);
            assertThat(resolver.isBound()).isTrue();
        }
    }

    @Test
    void aBridgeThatIsMadeAnewIsServedAnew() {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        dns.serve(network);
        assertThat(AskedText.udp(container, GATEWAY, PORT, "web", PATIENCE)).isPresent();
        int open = descriptors();

        container.call(() -> Commands.run("ip", "link", "delete", "eth0"));
        host.removeBridge(1);
        host.bridge(1);
        host.attach(container, 1, 2);
        assertThat(AskedText.udp(container, GATEWAY, PORT, "web", SILENCE)).isEmpty();
        dns.serve(network);
        assertThat(AskedText.udp(container, GATEWAY, PORT, "web", PATIENCE)).isPresent();
        assertThat(AskedText.tcp(container, GATEWAY, PORT, "web")).isNotEmpty();
        await(() -> descriptors() <= open);
    }

    @Test
    void aBridgeThatIsNotThereIsInTheNotes() {
        Network network = host.bridge(1);
        host.removeBridge(1);
        dns.serve(network);
        assertThat(dns.port(network.id())).isEmpty();
        assertThat(dns.notes())
                .containsExactly("names are not answered on network net1: find bridge jbr1: no such device (ENODEV)");
        host.bridge(1);
        dns.serve(network);
        assertThat(dns.port(network.id())).hasValue(PORT);
        assertThat(dns.notes()).isEmpty();
    }

    @Test
    void toServeAgainChangesNothingAndToStopFreesThePort() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        dns.serve(network);
        try (Socket connection = container.call(() -> AskedText.connect(GATEWAY, PORT))) {
            AskedText.send(connection, "one");
            assertThat(AskedText.receive(connection)).startsWith("one");
            int open = descriptors();
            dns.serve(network);
            // Others may be open for a moment, such as a file that a class is read from.
            await(() -> descriptors() <= open);
            AskedText.send(connection, "two");
            assertThat(AskedText.receive(connection)).startsWith("two");

            dns.stop(network.id());
            dns.stop(network.id());
            assertThat(connection.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(dns.port(network.id())).isEmpty();
        assertThat(AskedText.udp(container, GATEWAY, PORT, "web", SILENCE)).isEmpty();
        try (DatagramSocket udp = new DatagramSocket(PORT);
                ServerSocket tcp = new ServerSocket(PORT)) {
            assertThat(udp.isBound() && tcp.isBound()).isTrue();
        }
    }

    @Test
    void aNetworkThatWantsNoNamesIsNotServed() {
        Network network = host.bridge(1);
        dns.serve(network);
        Network without = new Network(
                network.spec().resolving(Resolution.NONE), network.bridge(), network.bridgeMac(), network.state());
        dns.serve(without);
        assertThat(dns.port(network.id())).isEmpty();
        assertThat(dns.notes()).isEmpty();
    }

    /** Connections of the service before linger in TIME_WAIT at its side. */
    @Test
    void theNextServiceHasThePortAtOnce() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        Dns before = new Dns(responder, SocketKeeper.NONE, any -> PORT);
        before.serve(network);
        try (Socket connection = container.call(() -> AskedText.connect(GATEWAY, PORT))) {
            AskedText.send(connection, "web");
            assertThat(AskedText.receive(connection)).isNotEmpty();
            before.close();
            assertThat(connection.getInputStream().read()).isEqualTo(-1);
        }
        Commands.runUntil(":" + PORT, "ss", "-Htan", "state", "time-wait");
        dns.serve(network);
        assertThat(dns.port(network.id())).hasValue(PORT);
        assertThat(AskedText.tcp(container, GATEWAY, PORT, "web")).isNotEmpty();
    }

    @Test
    void anAnswerThatComesTooLateIsForgotten() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        dns.serve(network);
        assertThat(AskedText.udp(container, GATEWAY, PORT, "later web", 1)).isEmpty();
        try (Socket connection = container.call(() -> AskedText.connect(GATEWAY, PORT))) {
            AskedText.send(connection, "later web");
            await(() -> responder.waiting() == 2);
        }
        dns.stop(network.id());
        responder.answerAll();
        dns.close();
        responder.answerAll();
        dns.serve(network);
        assertThat(dns.port(network.id())).isEmpty();
    }

    /**
     * What one container sends faster than it can be answered does not take the others' places. Where all are answered as they come, others
     * get no answer at all; on a machine that does much else now and then one is lost.
     */
    @Test
    void aFloodDoesNotKeepOthersFromTheirAnswers() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace flooding = host.container(1, 2);
        FreshNamespace asking = host.container(1, 3);
        try (Dns slow = new Dns(
                (query, answer) -> {
                    // As long as an answer may take.
                    long end = System.nanoTime() + 100_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return responder.respond(query, answer);
                },
                SocketKeeper.NONE,
                any -> PORT)) {
            slow.serve(network);
            Flood flood = Flood.start(flooding, GATEWAY, PORT);
            try {
                await(() -> flood.sent() > 20_000);
                long answered = IntStream.range(0, 40)
                        .filter(i -> AskedText.udp(asking, GATEWAY, PORT, "web", 1000)
                                .isPresent())
                        .count();
                assertThat(answered)
                        .as("answers to 40 queries beside %d of a flood", flood.sent())
                        .isGreaterThanOrEqualTo(20);
            } finally {
                flood.stop();
            }
        }
    }

    @Test
    void manyCallsAtOnceLeaveNothingOpen() throws Exception {
        List<Network> networks = List.of(host.bridge(1), host.bridge(2));
        dns.serve(networks.get(0));
        dns.stop(networks.get(0).id());
        int open = descriptors();
        ExecutorService callers = Executors.newFixedThreadPool(4, task -> new Thread(task, "caller"));
        try {
            List<Future<?>> calls = IntStream.range(0, 200)
                    .<Future<?>>mapToObj(i -> callers.submit(() -> {
                        Network network = networks.get(i % 2);
                        if (i % 3 == 0) {
                            dns.stop(network.id());
                        } else {
                            dns.serve(network);
                        }
                    }))
                    .toList();
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdown();
        }
        assertThat(dns.notes()).isEmpty();
        networks.forEach(network -> dns.stop(network.id()));
        // Others than these may be open for a moment, such as a file that a class is read from.
        await(() -> descriptors() <= open);
    }

    private static <T> T eventually(Supplier<Optional<T>> attempt) {
        long deadline = System.nanoTime() + PATIENCE * 1_000_000L;
        Optional<T> result = attempt.get();
        while (result.isEmpty()) {
            assertThat(System.nanoTime()).as("no answer").isLessThan(deadline);
            result = attempt.get();
        }
        return result.get();
    }

    private static void await(BooleanSupplier condition) {
        eventually(() -> {
            LockSupport.parkNanos(1_000_000);
            return condition.getAsBoolean() ? Optional.of(true) : Optional.empty();
        });
    }

    private static int descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
