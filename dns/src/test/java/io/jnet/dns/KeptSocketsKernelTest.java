package io.jnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.listen.SocketKeeper;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Duplicates;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.socket.LinkSocket;
import io.jnet.netlink.socket.TransportProtocol;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sockets that outlive who listens, and what is asked meanwhile. */
@KernelTest
class KeptSocketsKernelTest {
    private static final String GATEWAY = BridgedHost.address4(1, 1);

    private static final String NOT_TAKEN = " | awk '$2 > 0 { print \"waits\" }'";

    private final EchoResponder responder = new EchoResponder();
    private final Keeper keeper = new Keeper();
    private final BridgedHost host = new BridgedHost();

    @AfterEach
    void close() {
        keeper.close();
        host.close();
    }

    @Test
    void whatIsAskedMeanwhileIsAnsweredByTheNext() throws Exception {
        Network network = host.bridge(1);
        // In each one waits at a time.
        FreshNamespace container = host.container(1, 2);
        FreshNamespace other = host.container(1, 3);
        int port = serveAndEnd(network);
        Future<Optional<String>> datagram =
                CompletableFuture.supplyAsync(() -> AskedText.udp(container, GATEWAY, port, "web", AskedText.PATIENCE));
        Future<String> stream = CompletableFuture.supplyAsync(() -> AskedText.tcp(other, GATEWAY, port, "web"));
        Commands.runUntil("waits", "sh", "-c", "ss -Hln --udp 'sport = :" + port + "'" + NOT_TAKEN);
        Commands.runUntil("waits", "sh", "-c", "ss -Hln --tcp 'sport = :" + port + "'" + NOT_TAKEN);
        assertThat(keeper.kept).hasSize(1);

        try (Dns next = dns()) {
            next.serve(network);
            assertThat(next.port(network.id())).hasValue(port);
            assertThat(datagram.get()).hasValue("web 10.77.1.2 network1 UDP");
            assertThat(stream.get()).isEqualTo("web 10.77.1.3 network1 TCP");
        }
        assertThat(keeper.handedOver).as("what was kept is kept on").isOne();
    }

    @Test
    void whatIsWaitedForIsAnsweredBeforeTheEnd() throws Exception {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        Dns dns = dns();
        dns.serve(network);
        int port = dns.port(network.id()).orElseThrow();
        Future<Optional<String>> answer = CompletableFuture.supplyAsync(
                () -> AskedText.udp(container, GATEWAY, port, "later web", AskedText.PATIENCE));
        while (responder.waiting() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        responder.answerAllAtTheEnd();
        dns.close();
        assertThat(answer.get()).hasValue("later web 10.77.1.2 network1 UDP");
    }

    @Test
    void aNetworkThatGoesIsKeptNoMore() {
        Network network = host.bridge(1);
        try (Dns dns = dns()) {
            dns.serve(network);
            assertThat(keeper.kept).hasSize(1);
            dns.stop(network.id());
            assertThat(keeper.kept).isEmpty();
        }
    }

    @Test
    void aBridgeThatWasMadeAnewHasNewSockets() {
        Network network = host.bridge(1);
        serveAndEnd(network);
        host.removeBridge(1);
        host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        try (Dns next = dns()) {
            next.serve(network);
            int port = next.port(network.id()).orElseThrow();
            assertThat(AskedText.udp(container, GATEWAY, port, "web", AskedText.PATIENCE))
                    .isPresent();
        }
        assertThat(keeper.handedOver).isEqualTo(2);
    }

    /** epoll goes on to tell of a socket that somebody else has too. */
    @Test
    void aSocketThatIsStillKeptDoesNotKeepTheThreadBusy() {
        Network network = host.bridge(1);
        FreshNamespace container = host.container(1, 2);
        keeper.forgets = false;
        try (Dns dns = dns()) {
            dns.serve(network);
            int port = dns.port(network.id()).orElseThrow();
            dns.stop(network.id());
            assertThat(AskedText.udp(container, GATEWAY, port, "web", 1)).isEmpty();
            long before = loopNanoseconds();
            // Waits for an answer that does not come.
            assertThat(AskedText.udp(container, GATEWAY, port, "web", 500)).isEmpty();
            assertThat(loopNanoseconds() - before).isLessThan(100_000_000);
        }
    }

    private static long loopNanoseconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("jnet-dns"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    /** As when the file of networks is another one: what is there does not fit, and is let go. */
    @Test
    void whatDoesNotFitIsLetGo() {
        Network network = host.bridge(1);
        int index = Integer.parseInt(
                Commands.run("ip", "-o", "link", "show", "jbr1").replaceFirst("(?s):.*", ""));
        for (String address : List.of(GATEWAY, BridgedHost.address4(1, 9))) {
            try (KernelSocket one =
                    LinkSocket.bind(TransportProtocol.UDP, network.bridge(), index, IpAddress.parse(address), 900)) {
                keeper.keep(index, List.of(one));
            }
            try (Dns next = dns()) {
                next.serve(network);
                assertThat(next.notes()).isEmpty();
                assertThat(keeper.kept.get(index)).as(address).hasSize(4);
                next.stop(network.id());
            }
        }
    }

    private int serveAndEnd(Network network) {
        try (Dns first = dns()) {
            first.serve(network);
            return first.port(network.id()).orElseThrow();
        }
    }

    private Dns dns() {
        return new Dns(responder, keeper, any -> 900);
    }

    /** As another process would. */
    private static final class Keeper implements SocketKeeper {
        private final Map<Integer, List<KernelSocket>> kept = new ConcurrentHashMap<>();
        private int handedOver;
        private boolean forgets = true;

        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public List<KernelSocket> take(int link) {
            return kept.getOrDefault(link, List.of()).stream()
                    .map(Duplicates::of)
                    .toList();
        }

        @Override
        public void keep(int link, List<KernelSocket> sockets) {
            handedOver++;
            List<KernelSocket> copies = new ArrayList<>();
            sockets.forEach(socket -> copies.add(Duplicates.of(socket)));
            kept.put(link, copies);
        }

        @Override
        public void forget(int link) {
            if (!forgets) {
                return;
            }
            Optional.ofNullable(kept.remove(link)).ifPresent(all -> all.forEach(KernelSocket::close));
        }

        void close() {
            forgets = true;
            List.copyOf(kept.keySet()).forEach(this::forget);
        }
    }
}
