package io.jnet.netlink.testkit;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/** Sends and hears whole frames on one interface (packet(7)), as CAP_NET_RAW allows. Opened in the namespace of the calling thread. */
public final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int ETH_P_ALL = 3;
    /** Destination and source. */
    private static final int ADDRESSES = 12;

    private final KernelSocket socket;

    private PacketSocket(KernelSocket socket) {
        this.socket = socket;
    }

    /** Opens a socket on an interface. */
    public static PacketSocket on(String link) {
        int protocol = Short.reverseBytes((short) ETH_P_ALL) & 0xffff;
        KernelSocket socket = KernelSocket.open(AF_PACKET, SOCK_RAW, protocol, "packet socket on " + link);
        // struct sockaddr_ll: family, protocol (network order), interface index; the rest is for receiving.
        ByteBuffer address = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_PACKET).putShort((short) protocol).putInt(index(link));
        socket.bind(address.array());
        return new PacketSocket(socket);
    }

    /** Sends a frame. */
    public void send(Frame frame) {
        socket.send(frame.bytes());
    }

    /**
     * Waits for a frame with this one's addresses and content. VLAN tags are passed over: the kernel takes the outer one off before a
     * packet socket sees the frame.
     */
    public boolean hears(Frame frame, int millis) {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (true) {
            // What has come in time is heard by who looks late; nothing would be for ever.
            long left = Math.max(1, (end - System.nanoTime()) / 1000);
            socket.limitReceive(Duration.of(left, ChronoUnit.MICROS));
            try {
                if (isSame(frame, socket.receive().data())) {
                    return true;
                }
            } catch (KernelException nothing) {
                if (!nothing.errno().equals(Errno.EAGAIN)) {
                    throw nothing;
                }
                if (left == 1) {
                    return false;
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private static boolean isSame(Frame sent, byte[] heard) {
        byte[] payload = sent.payload();
        return heard.length >= ADDRESSES + payload.length
                && Arrays.equals(sent.bytes(), 0, ADDRESSES, heard, 0, ADDRESSES)
                && Arrays.equals(payload, 0, payload.length, heard, heard.length - payload.length, heard.length);
    }

    private static int index(String link) {
        try {
            return NetworkInterface.getByName(link).getIndex();
        } catch (SocketException failure) {
            throw new AssertionError(failure);
        }
    }
}
