package io.jnet.dns.forward;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;

/** By one datagram each. The socket is connected: the kernel chooses its port at random, and drops what somebody else sends there. */
final class UdpExchange implements Exchange {
    /** Others are to have their turn, too, when somebody sends forged answers. */
    private static final int MOST_AT_ONCE = 16;

    private final DatagramChannel channel;
    private final ServerQuery query;
    private final ByteBuffer buffer;

    private UdpExchange(DatagramChannel channel, ServerQuery query, ByteBuffer buffer) {
        this.channel = channel;
        this.query = query;
        this.buffer = buffer;
    }

    /**
     * Sends a query.
     *
     * @param attachment what is found at the selector when there is something to read
     * @param buffer for reading, of no one for longer than a call
     */
    static UdpExchange open(
            Selector selector, Object attachment, InetSocketAddress server, ServerQuery query, ByteBuffer buffer)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                server.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_READ, attachment);
            if (channel.write(query.message()) == 0) {
                throw new IOException("no room to send to " + server);
            }
            return new UdpExchange(channel, query, buffer);
        } catch (IOException | RuntimeException failed) {
            Closing.quietly(channel);
            throw failed;
        }
    }

    @Override
    public Optional<byte[]> proceed() throws IOException {
        for (int i = 0; i < MOST_AT_ONCE && channel.read(buffer.clear()) > 0; i++) {
            buffer.flip();
            if (query.isAnsweredBy(buffer)) {
                byte[] answer = new byte[buffer.limit()];
                buffer.get(answer);
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        Closing.quietly(channel);
    }
}
