package io.jnet.engine.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.TransportProtocol;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams and datagrams to {@code ::1} that have to get to 127.0.0.1, where the "container" is. */
@KernelTest
class RelayKernelTest {
    private static final int PORT = 8080;
    private static final int CONTAINER_PORT = 80;
    private static final int PATIENCE = 30_000;
    private static final IpAddress CONTAINER = IpAddress.parse("127.0.0.1");
    private static final IpAddress CONTAINER_6 = IpAddress.parse("::1");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Relay relay = new Relay(RelayLimits.USUAL);

    @AfterEach
    void close() throws Exception {
        relay.close();
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void bytesGetThereAndBackUnchanged() throws Exception {
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        byte[] data = new byte[20_000_000];
        new Random(1).nextBytes(data);
        try (Socket client = client();
                Socket container = server.accept()) {
            Thread echo = new Thread(() -> echo(container));
            echo.start();
            Thread sender = new Thread(() -> {
                try {
                    client.getOutputStream().write(data);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();

            assertThat(Arrays.equals(client.getInputStream().readAllBytes(), data))
                    .isTrue();
            sender.join();
            echo.join();
        }
    }

    /** Bytes that a receiver does not take stay in the kernel; the relay holds none, and the sender has to stop. */
    @Test
    void aReceiverThatDoesNotReadStopsItsSenderAndNobodyElse() throws Exception {
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket stuck = client();
                Socket deaf = server.accept()) {
            stuck.getOutputStream().flush();
            int written = writeUntilFull(stuck);
            assertThat(written).isGreaterThan(0).isLessThan(64_000_000);
            try (Socket other = client();
                    Socket container = server.accept()) {
                other.getOutputStream().write('x');
                container.setSoTimeout(PATIENCE);
                assertThat(container.getInputStream().read()).isEqualTo('x');
            }
            byte[] all = deaf.getInputStream().readNBytes(written);
            assertThat(all).hasSize(written);
        }
    }

    @Test
    void eachSideMayEndItsOwnDirection() throws Exception {
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket client = client();
                Socket container = server.accept()) {
            client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertThat(container.getInputStream().readAllBytes()).asString().isEqualTo("question");
            container.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
            container.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("answer");
        }
    }

    @Test
    void aResetIsPassedOnAsAReset() throws Exception {
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket client = client()) {
            try (Socket container = server.accept()) {
                container.setSoLinger(true, 0);
            }
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whereNobodyListensTheClientIsResetAndTheNextAddressIsTried() throws Exception {
        serve(TransportProtocol.TCP, CONTAINER);
        assertClientIsReset();
        closeAll();
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER_6, CONTAINER);
        try (Socket client = client();
                Socket container = server.accept()) {
            container.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo('x');
        }
    }

    @Test
    void whoIsNotAdmittedIsReset() throws Exception {
        server();
        serve(TransportProtocol.TCP, visitor -> !visitor.address().equals(CONTAINER_6), CONTAINER);
        assertClientIsReset();
    }

    @Test
    void tooManyWaitUntilOneEnds() throws Exception {
        relay = new Relay(new RelayLimits(2, 2, 2, Duration.ofSeconds(90)));
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket kept = client();
                Socket keptContainer = server.accept();
                Socket waiting = new Socket()) {
            try (Socket first = client();
                    Socket container = server.accept()) {
                assertThat(first.isConnected() && container.isConnected()).isTrue();
                waiting.connect(new InetSocketAddress(CONTAINER_6.toInetAddress(), PORT), PATIENCE);
                server.setSoTimeout(1500);
                assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
            }
            server.setSoTimeout(PATIENCE);
            try (Socket next = server.accept()) {
                assertThat(next.isConnected() && kept.isConnected() && keptContainer.isConnected())
                        .isTrue();
            }
        }
    }

    @Test
    void aClientWhoseAdmissionFailsIsSentAwayAndTakesNoPlace() throws Exception {
        relay = new Relay(new RelayLimits(1, 1, 1, Duration.ofSeconds(90)));
        ServerSocket server = server();
        AtomicInteger asked = new AtomicInteger();
        serve(
                TransportProtocol.TCP,
                visitor -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("nobody knows");
                    }
                    return true;
                },
                CONTAINER);
        assertClientIsReset();
        try (Socket admitted = client();
                Socket container = server.accept()) {
            assertThat(admitted.isConnected() && container.isConnected()).isTrue();
        }
    }

    @Test
    void oneNeighbourCannotTakeAllPlaces() throws Exception {
        relay = new Relay(new RelayLimits(3, 3, 1, Duration.ofSeconds(90)));
        Commands.run("ip", "address", "add", "2001:db8::1/64", "dev", "lo", "nodad");
        // The kernel adds the address's route some time after the address.
        Commands.runUntil("2001:db8::1", "ip", "-6", "route", "show", "table", "local");
        try {
            ServerSocket server = server();
            serve(TransportProtocol.TCP, CONTAINER);
            InetSocketAddress port = new InetSocketAddress("2001:db8::1", PORT);
            try (Socket first = new Socket()) {
                first.connect(port, PATIENCE);
                try (Socket container = server.accept();
                        Socket second = new Socket()) {
                    assertThat(container.isConnected()).isTrue();
                    second.setSoTimeout(PATIENCE);
                    // The refusal may come before connect is back.
                    assertThatThrownBy(() -> {
                                second.connect(port, PATIENCE);
                                second.getInputStream().read();
                            })
                            .isInstanceOf(SocketException.class);
                    for (int i = 0; i < 2; i++) {
                        Socket local = client();
                        opened.add(local);
                        opened.add(server.accept());
                    }
                }
            }
        } finally {
            Commands.run("ip", "address", "del", "2001:db8::1/64", "dev", "lo");
        }
    }

    /** Connections that outlived the process that relayed them do not keep the next one from its ports. */
    @Test
    void aPortWithOldConnectionsCanBeServedAgain() throws Exception {
        ServerSocket server = server();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket client = client();
                Socket container = server.accept()) {
            closeAll();
            serve(TransportProtocol.TCP, CONTAINER);
            assertThat(client.isConnected() && container.isConnected()).isTrue();
        }
        // Closed by the relay first, so that its side lingers in TIME_WAIT.
        try (Socket client = client()) {
            server.accept().close();
            assertThat(client.getInputStream().read()).isNegative();
        }
        assertThat(Commands.run("ss", "-Htan", "state", "time-wait")).contains(":" + PORT);
        closeAll();
        serve(TransportProtocol.TCP, CONTAINER);
        try (Socket client = client();
                Socket container = server.accept()) {
            assertThat(client.isConnected() && container.isConnected()).isTrue();
        }
    }

    @Test
    void datagramsGetThereAndBack() throws Exception {
        try (DatagramSocket container =
                new DatagramSocket(new InetSocketAddress(CONTAINER.toInetAddress(), CONTAINER_PORT))) {
            serve(TransportProtocol.UDP, CONTAINER);
            try (DatagramSocket one = datagramClient();
                    DatagramSocket two = datagramClient()) {
                for (DatagramSocket client : List.of(one, two, one)) {
                    send(client, "question of " + client.getLocalPort());
                    DatagramPacket question = receive(container);
                    container.send(
                            new DatagramPacket(question.getData(), question.getLength(), question.getSocketAddress()));
                    assertThat(text(receive(client))).isEqualTo("question of " + client.getLocalPort());
                }
            }
        }
    }

    @Test
    void silentClientsGiveTheirPlaceToOthers() throws Exception {
        relay = new Relay(new RelayLimits(1, 1, 1, Duration.ofMillis(100)));
        try (DatagramSocket container =
                new DatagramSocket(new InetSocketAddress(CONTAINER.toInetAddress(), CONTAINER_PORT))) {
            serve(TransportProtocol.UDP, CONTAINER);
            try (DatagramSocket one = datagramClient();
                    DatagramSocket two = datagramClient()) {
                send(one, "one");
                assertThat(text(receive(container))).isEqualTo("one");
                container.setSoTimeout(100);
                boolean heard = false;
                for (int i = 0; i < 50 && !heard; i++) {
                    send(two, "two");
                    heard = isReceived(container);
                }
                assertThat(heard).isTrue();
            }
        }
    }

    /** The source of a datagram may be forged: whoever goes on speaking stays, however many others come. */
    @Test
    void manyClientsDoNotTakeThePlaceOfOneThatSpeaks() throws Exception {
        relay = new Relay(new RelayLimits(3, 3, 3, Duration.ofSeconds(90)));
        try (DatagramSocket container =
                new DatagramSocket(new InetSocketAddress(CONTAINER.toInetAddress(), CONTAINER_PORT))) {
            serve(TransportProtocol.UDP, CONTAINER);
            try (DatagramSocket speaking = datagramClient()) {
                send(speaking, "first");
                DatagramPacket first = receive(container);
                for (int i = 0; i < 10; i++) {
                    try (DatagramSocket other = datagramClient()) {
                        send(other, "once");
                        receive(container);
                    }
                    send(speaking, "again");
                    assertThat(receive(container).getPort()).isEqualTo(first.getPort());
                }
                container.send(new DatagramPacket(first.getData(), first.getLength(), first.getSocketAddress()));
                assertThat(text(receive(speaking))).isEqualTo("first");
            }
        }
    }

    @Test
    void tenThousandPortsAreServedAtLittleCost() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            PortReservation reservation = PortReservation.bindDualStack(TransportProtocol.UDP, 20_000 + i);
            opened.add(relay.serve(reservation, new Service(List.of(CONTAINER), CONTAINER_PORT, all -> true)));
            opened.add(reservation);
        }
        long opening = (System.nanoTime() - start) / 1_000_000;
        try (DatagramSocket container =
                        new DatagramSocket(new InetSocketAddress(CONTAINER.toInetAddress(), CONTAINER_PORT));
                DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(new byte[] {'x'}, 1, CONTAINER_6.toInetAddress(), 29_999));
            assertThat(text(receive(container))).isEqualTo("x");
        }
        start = System.nanoTime();
        closeAll();
        System.out.printf(
                "10,000 UDP ports reserved and served in %d ms, given back in %d ms%n",
                opening, (System.nanoTime() - start) / 1_000_000);
        assertThat(opening).isLessThan(10_000);
    }

    private static boolean isReceived(DatagramSocket socket) throws IOException {
        try {
            socket.receive(new DatagramPacket(new byte[100], 100));
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    private void serve(TransportProtocol protocol, IpAddress... containers) {
        serve(protocol, all -> true, containers);
    }

    private void serve(TransportProtocol protocol, Predicate<Visitor> admission, IpAddress... containers) {
        PortReservation reservation = PortReservation.bindDualStack(protocol, PORT);
        opened.add(0, reservation);
        opened.add(0, relay.serve(reservation, new Service(List.of(containers), CONTAINER_PORT, admission)));
    }

    private void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            if (!(each instanceof ServerSocket)) {
                each.close();
            }
        }
    }

    private ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(CONTAINER.toInetAddress(), CONTAINER_PORT));
        server.setSoTimeout(PATIENCE);
        opened.add(server);
        return server;
    }

    private static Socket client() throws IOException {
        Socket socket = new Socket(CONTAINER_6.toInetAddress(), PORT);
        socket.setSoTimeout(PATIENCE);
        return socket;
    }

    private static void assertClientIsReset() {
        // That may come before connect is back.
        assertThatThrownBy(() -> {
                    try (Socket client = client()) {
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageNotContaining("refused");
    }

    private static int writeUntilFull(Socket socket) throws Exception {
        int[] written = {0};
        Thread writer = new Thread(() -> {
            try {
                byte[] chunk = new byte[100_000];
                while (true) {
                    socket.getOutputStream().write(chunk);
                    written[0] += chunk.length;
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        writer.setDaemon(true);
        writer.start();
        long end = System.nanoTime() + PATIENCE * 1_000_000L;
        int before = -1;
        while (before != written[0] || (before == 0 && System.nanoTime() < end)) {
            before = written[0];
            writer.join(500);
        }
        return written[0];
    }

    private static void echo(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DatagramSocket datagramClient() throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout(PATIENCE);
        socket.connect(CONTAINER_6.toInetAddress(), PORT);
        return socket;
    }

    private static void send(DatagramSocket socket, String text) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        socket.send(new DatagramPacket(data, data.length));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        socket.setSoTimeout(PATIENCE);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }
}
