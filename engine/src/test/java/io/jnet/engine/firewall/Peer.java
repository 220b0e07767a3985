package io.jnet.engine.firewall;

import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.Frame;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.PacketSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A machine with a network namespace of its own: runs commands, answers and asks over UDP and TCP. */
final class Peer implements AutoCloseable {
    /** Long enough for a slow machine where an answer is due; returned from as soon as it is there. */
    static final int ANSWER_MILLIS = 30_000;

    private final FreshNamespace namespace = FreshNamespace.create();
    private final List<AutoCloseable> servers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    /** A path that names the namespace for {@code ip link set ... netns}. */
    String path() {
        return call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
    }

    <T> T call(Callable<T> code) {
        return namespace.call(code);
    }

    /** Runs a command line, split at spaces, that must succeed. */
    String run(String commandLine) {
        return call(() -> Commands.run(commandLine.split(" ")));
    }

    /** Answers each datagram to a port, on any address, with the sender as seen here: {@code 198.51.100.9:5000}. */
    void answerUdp(int port) {
        DatagramSocket socket = call(() -> new DatagramSocket(port));
        servers.add(socket);
        serve(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            socket.receive(packet);
            String sender = seen(packet.getSocketAddress());
            seen.add(sender);
            byte[] answer = sender.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        });
    }

    /** A sender at this address, when {@link #answerUdp} has heard one since the last call. */
    Optional<String> lastSeen(String address) {
        Optional<String> found =
                seen.stream().filter(sender -> sender.startsWith(address + ":")).findFirst();
        seen.clear();
        return found;
    }

    /** As {@link #answerUdp}, for connections. */
    void answerTcp(int port) {
        ServerSocket server = call(() -> new ServerSocket(port));
        servers.add(server);
        serve(() -> {
            try (Socket connection = server.accept()) {
                connection
                        .getOutputStream()
                        .write(seen(connection.getRemoteSocketAddress()).getBytes(StandardCharsets.US_ASCII));
            }
        });
    }

    /** Sends back what it gets, one connection after the other. */
    void answerTcpWithEcho(int port) {
        ServerSocket server = call(() -> new ServerSocket(port));
        servers.add(server);
        serve(() -> {
            try (Socket connection = server.accept()) {
                connection.getInputStream().transferTo(connection.getOutputStream());
            }
        });
    }

    /** Connects; reads on the socket wait as long as an answer may take. */
    Socket connect(String address, int port) {
        return call(() -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            return socket;
        });
    }

    /** Sends a datagram and waits for the answer of {@link #answerUdp}, which tells who this seemed to be. */
    Optional<String> askUdp(String address, int port) {
        return askUdp("", 0, address, port, ANSWER_MILLIS);
    }

    /**
     * As {@link #askUdp(String, int)}.
     *
     * @param source the own address; empty for the one that the route tells
     * @param sourcePort the own port; 0 for any
     * @param millis how long to wait
     */
    Optional<String> askUdp(String source, int sourcePort, String address, int port, int millis) {
        return call(() -> {
            try (DatagramSocket socket = new DatagramSocket(local(source, sourcePort))) {
                socket.setSoTimeout(millis);
                socket.send(new DatagramPacket(new byte[] {1}, 1, InetAddress.getByName(address), port));
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                socket.receive(answer);
                return Optional.of(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
            } catch (SocketTimeoutException | java.net.PortUnreachableException none) {
                return Optional.empty();
            }
        });
    }

    /** Connects and waits for the answer of {@link #answerTcp}. */
    Optional<String> askTcp(String address, int port) {
        return askTcp(0, address, port, ANSWER_MILLIS);
    }

    /** As {@link #askTcp(String, int)}, from a port of one's own (0 for any), waiting for so long. */
    Optional<String> askTcp(int sourcePort, String address, int port, int millis) {
        return call(() -> {
            try (Socket socket = new Socket()) {
                socket.bind(local("", sourcePort));
                socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), millis);
                socket.setSoTimeout(millis);
                return Optional.of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            } catch (IOException none) {
                return Optional.empty();
            }
        });
    }

    /** Forgets whom {@link #answerUdp} has heard. */
    void forgetSeen() {
        seen.clear();
    }

    /** Waits until {@link #answerUdp} has heard a sender of this ending, and says which. */
    Optional<String> awaitSeen(String ending, int millis) {
        return await(millis, () -> seen.stream().anyMatch(sender -> sender.endsWith(ending)));
    }

    /** Waits until something holds; an empty answer when it does not in time. */
    static Optional<String> await(int millis, BooleanSupplier condition) {
        long end = System.nanoTime() + millis * 1_000_000L;
        do {
            if (condition.getAsBoolean()) {
                return Optional.of("yes");
            }
            LockSupport.parkNanos(1_000_000);
        } while (System.nanoTime() < end);
        return Optional.empty();
    }

    /** The MAC address of {@code eth0}. */
    String mac() {
        return mac("eth0");
    }

    /** The MAC address of a link. */
    String mac(String link) {
        return call(() -> MacAddress.of(NetworkInterface.getByName(link).getHardwareAddress())
                .toString());
    }

    /** Sends a frame by hand. */
    void send(Frame frame) {
        call(() -> {
            try (PacketSocket socket = PacketSocket.on("eth0")) {
                socket.send(frame);
                return frame;
            }
        });
    }

    /** Whether a frame arrives here that another one sends. */
    boolean hears(Peer sender, Frame frame, int millis) {
        try (PacketSocket socket = call(() -> PacketSocket.on("eth0"))) {
            sender.send(frame);
            return socket.hears(frame, millis);
        }
    }

    @Override
    public void close() {
        for (AutoCloseable server : servers) {
            try {
                server.close();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        }
        threads.forEach(Peer::join);
        namespace.close();
    }

    private static void join(Thread thread) {
        try {
            // A socket is closed for good only when its reader has noticed.
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void serve(Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            step.run();
                        }
                    } catch (IOException closed) {
                        // The socket was closed: the server ends.
                    }
                },
                "server of a peer");
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private static InetSocketAddress local(String source, int port) throws IOException {
        return source.isEmpty()
                ? new InetSocketAddress(port)
                : new InetSocketAddress(InetAddress.getByName(source), port);
    }

    private static String seen(java.net.SocketAddress address) {
        InetSocketAddress internet = (InetSocketAddress) address;
        return io.jnet.netlink.address.IpAddress.of(internet.getAddress().getAddress()) + ":" + internet.getPort();
    }
}
