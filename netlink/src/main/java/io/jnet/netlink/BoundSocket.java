package io.jnet.netlink;

import io.jnet.netlink.libc.Datagram;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import java.time.Duration;
import java.util.List;

/** A bound netlink socket with the options that all of ours have. No lock: {@link NetlinkSocket} and {@link NetlinkMonitor} have one. */
final class BoundSocket implements MessageChannel {
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    /**
     * Limits, not memory. A batch must fit into one send buffer, and the acknowledgements of all its messages, about 1 KiB of the
     * kernel's accounting each, into the receive buffer at once.
     */
    private static final int BUFFER_LIMIT = 32 * 1024 * 1024;

    private final KernelSocket socket;
    private final NetlinkProtocol protocol;
    private final int portId;

    private BoundSocket(KernelSocket socket, NetlinkProtocol protocol, int portId) {
        this.socket = socket;
        this.protocol = protocol;
        this.portId = portId;
    }

    static BoundSocket open(NetlinkProtocol protocol) {
        return bound(
                KernelSocket.open(SocketAddress.AF_NETLINK, SOCK_RAW, protocol.number(), "netlink " + protocol),
                protocol);
    }

    /** One that somebody else has opened, and not bound. */
    static BoundSocket of(Descriptor opened, NetlinkProtocol protocol) {
        KernelSocket socket = KernelSocket.of(opened, "netlink " + protocol);
        if (!socket.isOf(SocketAddress.AF_NETLINK, protocol.number())) {
            throw new KernelException("take over", socket.toString(), Errno.EPROTONOSUPPORT);
        }
        return bound(socket, protocol);
    }

    private static BoundSocket bound(KernelSocket socket, NetlinkProtocol protocol) {
        try {
            socket.setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            socket.setOption(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.setOption(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
            limitBuffer(socket, SO_SNDBUFFORCE, SO_SNDBUF);
            limitBuffer(socket, SO_RCVBUFFORCE, SO_RCVBUF);
            socket.bind(SocketAddress.any().encode());
            SocketAddress bound = SocketAddress.decode(socket.localAddress());
            return new BoundSocket(socket, protocol, bound.portId());
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Bounds every receive, in whole seconds; then it fails with EAGAIN. */
    void limitReceive(int seconds) {
        socket.limitReceive(Duration.ofSeconds(seconds));
    }

    void join(int group) {
        socket.setOption(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
    }

    @Override
    public int portId() {
        return portId;
    }

    KernelSocket kernelSocket() {
        return socket;
    }

    @Override
    public void send(byte[] messages) {
        socket.send(messages);
    }

    /** Other processes may send to any port id, and are not heard. */
    @Override
    public List<NetlinkMessage> receive() {
        while (true) {
            Datagram datagram = socket.receive();
            if (SocketAddress.decode(datagram.sender()).isKernel()) {
                if (datagram.isCut()) {
                    // As when the kernel had no room for it.
                    throw new KernelException("receive from", toString(), Errno.ENOBUFS);
                }
                return NetlinkMessage.decodeAll(datagram.data());
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "netlink " + protocol;
    }

    private static void limitBuffer(KernelSocket socket, int forced, int bounded) {
        try {
            socket.setOption(SOL_SOCKET, forced, BUFFER_LIMIT);
        } catch (KernelException unprivileged) {
            if (!unprivileged.errno().equals(Errno.EPERM)) {
                throw unprivileged;
            }
            // Without CAP_NET_ADMIN in the first user namespace the kernel grants up to net.core.{r,w}mem_max.
            socket.setOption(SOL_SOCKET, bounded, BUFFER_LIMIT);
        }
    }
}
