package io.jnet.netlink.libc;

import static io.jnet.netlink.libc.SocketConstants.MSG_NOSIGNAL;
import static io.jnet.netlink.libc.SocketConstants.SOCK_DGRAM;
import static io.jnet.netlink.libc.SocketConstants.SOCK_NONBLOCK;
import static io.jnet.netlink.libc.SocketConstants.SOL_SOCKET;
import static io.jnet.netlink.libc.SocketConstants.SO_RCVBUF;

import java.nio.ByteBuffer;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * A UDP socket that never blocks, and tells to which of the host's addresses a datagram was sent, so that the answer can come from there.
 * Calls must be ordered by the owner.
 *
 * <pre>
 * struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
 *                 void *msg_control; size_t msg_controllen; int msg_flags; };          64-bit: 56 bytes
 * struct iovec { void *iov_base; size_t iov_len; };
 * struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; }; struct in6_pktinfo { struct in6_addr; int ifindex; };
 * </pre>
 */
public final class UdpSocket implements AutoCloseable {
    /** The result of an attempt that would have to wait, or was refused by the other side. */
    public static final int NOTHING = -1;

    private static final int RECEIVE_BUFFER = 212_992;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;

    /** {@code struct sockaddr_in6}. */
    private static final int NAME_LENGTH = 28;

    private static final int HEADER_LENGTH = 56;
    private static final int VECTOR = 56;
    private static final int NAME = 72;
    private static final int CONTROL = 104;
    private static final int CONTROL_LENGTH = 40;
    private static final int PKTINFO = 16;
    private static final int PKTINFO_LENGTH = 20;

    private final KernelSocket socket;
    private final Pointer message = Memory.allocateDirect(Libc.runtime(), CONTROL + CONTROL_LENGTH);

    private UdpSocket(KernelSocket socket) {
        this.socket = socket;
    }

    /** An IPv6 socket, dual stack or not, that is bound and was opened so as not to block. */
    public static UdpSocket receivingFrom(KernelSocket bound) {
        bound.setOption(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        bound.setOption(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
        return new UdpSocket(bound);
    }

    /**
     * A new socket that speaks to one peer only.
     *
     * @param family {@code AF_INET} 2 or {@code AF_INET6} 10
     * @param peer a {@code sockaddr}
     * @param object names it in errors
     */
    public static UdpSocket connect(int family, byte[] peer, String object) {
        KernelSocket opened = KernelSocket.open(family, SOCK_DGRAM | SOCK_NONBLOCK, 0, object);
        try {
            Libc.check("connect", object, () -> Libc.functions().connect(opened.number(), peer, peer.length));
            return new UdpSocket(opened);
        } catch (KernelException refusal) {
            opened.close();
            throw refusal;
        }
    }

    /**
     * Who sent a datagram, and to which address.
     *
     * @param peer a {@code sockaddr_in6}
     * @param local a {@code in6_pktinfo}: the host's address, and the link by which the datagram came
     * @param length of the datagram
     */
    public record Envelope(ByteBuffer peer, ByteBuffer local, int length) {}

    /** The next datagram, when there is one; what is longer than the buffer is cut off. */
    public Optional<Envelope> receive(NativeBuffer buffer) {
        fill(buffer, buffer.size());
        long length = Libc.attempt(() -> Libc.functions().recvmsg(socket.number(), message, 0));
        if (length < 0) {
            return Optional.empty();
        }
        byte[] peer = new byte[NAME_LENGTH];
        message.get(NAME, peer, 0, NAME_LENGTH);
        byte[] local = new byte[PKTINFO_LENGTH];
        message.get(CONTROL + PKTINFO, local, 0, PKTINFO_LENGTH);
        return Optional.of(new Envelope(
                ByteBuffer.wrap(peer).asReadOnlyBuffer(), ByteBuffer.wrap(local).asReadOnlyBuffer(), (int) length));
    }

    /** Sends an answer to where an envelope came from, from where it went to; whether it went out. */
    public boolean answer(NativeBuffer buffer, int length, Envelope envelope) {
        fill(buffer, length);
        message.put(NAME, bytes(envelope.peer()), 0, NAME_LENGTH);
        message.putLong(CONTROL, PKTINFO + PKTINFO_LENGTH);
        message.putInt(CONTROL + 8, IPPROTO_IPV6);
        message.putInt(CONTROL + 12, IPV6_PKTINFO);
        message.put(CONTROL + PKTINFO, bytes(envelope.local()), 0, PKTINFO_LENGTH);
        return Libc.attempt(() -> Libc.functions().sendmsg(socket.number(), message, MSG_NOSIGNAL)) >= 0;
    }

    /** What the one peer has sent: how many bytes, or {@link #NOTHING}. */
    public int receiveFromPeer(NativeBuffer buffer) {
        long length = Libc.attempt(() -> Libc.functions().recv(socket.number(), buffer.memory(), buffer.size(), 0));
        return length < 0 ? NOTHING : (int) length;
    }

    /** Sends to the one peer; what finds no room, or nobody, is lost as datagrams are. */
    public void sendToPeer(NativeBuffer buffer, int length) {
        Libc.attempt(() -> Libc.functions().send(socket.number(), buffer.memory(), length, MSG_NOSIGNAL));
    }

    @Override
    public void close() {
        socket.close();
    }

    KernelSocket kernelSocket() {
        return socket;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private void fill(NativeBuffer buffer, int length) {
        message.put(0, new byte[CONTROL + CONTROL_LENGTH], 0, CONTROL + CONTROL_LENGTH);
        long base = message.address();
        message.putLong(0, base + NAME);
        message.putInt(8, NAME_LENGTH);
        message.putLong(16, base + VECTOR);
        message.putLong(24, 1);
        message.putLong(32, base + CONTROL);
        message.putLong(40, CONTROL_LENGTH);
        message.putLong(HEADER_LENGTH, buffer.memory().address());
        message.putLong(HEADER_LENGTH + 8, length);
    }
}
