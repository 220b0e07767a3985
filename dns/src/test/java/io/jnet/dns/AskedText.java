package io.jnet.dns;

import io.jnet.netlink.testkit.FreshNamespace;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks as a client would, but with any text as a message. */
public final class AskedText {
    /** How long an answer is waited for that comes, in milliseconds. */
    public static final int PATIENCE = 5000;

    private AskedText() {}

    /** Asks by UDP from a container; empty when no answer came in time, or none can. */
    public static Optional<String> udp(FreshNamespace container, String server, int port, String text, int patience) {
        return container.call(() -> udp(server, port, text, patience));
    }

    /** Asks by UDP from the calling thread's namespace. */
    public static Optional<String> udp(String server, int port, String text, int patience) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connected: an answer from another address or port is not taken.
            socket.connect(new InetSocketAddress(server, port));
            socket.setSoTimeout(patience);
            byte[] message = text.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(message, message.length));
            DatagramPacket answer = new DatagramPacket(new byte[70_000], 70_000);
            socket.receive(answer);
            return Optional.of(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
        } catch (SocketTimeoutException | PortUnreachableException none) {
            return Optional.empty();
        }
    }

    /** Asks by TCP from a container. */
    public static String tcp(FreshNamespace container, String server, int port, String text) {
        return container.call(() -> {
            try (Socket socket = connect(server, port)) {
                send(socket, text);
                return receive(socket);
            }
        });
    }

    /** A connection whose reads give up. */
    public static Socket connect(String server, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE);
        socket.connect(new InetSocketAddress(server, port), PATIENCE);
        return socket;
    }

    /** Sends a message with its length. */
    public static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(frame(text));
    }

    /** A message with its length. */
    public static byte[] frame(String text) {
        byte[] message = text.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[message.length + 2];
        frame[0] = (byte) (message.length >> 8);
        frame[1] = (byte) message.length;
        System.arraycopy(message, 0, frame, 2, message.length);
        return frame;
    }

    /**
     * Reads a message.
     *
     * @throws EOFException when the connection has ended
     */
    public static String receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return new String(message, StandardCharsets.US_ASCII);
    }

    /** Writes without reading. */
    public static void write(Socket socket, byte[] bytes) throws IOException {
        new DataOutputStream(socket.getOutputStream()).write(bytes);
    }
}
