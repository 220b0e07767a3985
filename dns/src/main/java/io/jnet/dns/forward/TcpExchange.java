package io.jnet.dns.forward;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** By a connection, with each message after its length (RFC 1035 section 4.2.2). */
final class TcpExchange implements Exchange {
    private final SocketChannel channel;
    private final SelectionKey selection;
    private final ServerQuery query;
    private final ByteBuffer outgoing;
    private ByteBuffer incoming = ByteBuffer.allocate(Short.BYTES);
    private boolean lengthIsKnown;

    private TcpExchange(SocketChannel channel, SelectionKey selection, ServerQuery query) {
        this.channel = channel;
        this.selection = selection;
        this.query = query;
        ByteBuffer message = query.message();
        this.outgoing = ByteBuffer.allocate(Short.BYTES + message.remaining())
                .putShort((short) message.remaining())
                .put(message)
                .flip();
    }

    /**
     * Connects.
     *
     * @param attachment what is found at the selector when it can go on
     */
    static TcpExchange open(Selector selector, Object attachment, InetSocketAddress server, ServerQuery query)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            int next = channel.connect(server) ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT;
            return new TcpExchange(channel, channel.register(selector, next, attachment), query);
        } catch (IOException | RuntimeException failed) {
            Closing.quietly(channel);
            throw failed;
        }
    }

    @Override
    public Optional<byte[]> proceed() throws IOException {
        if (!channel.finishConnect()) {
            return Optional.empty();
        }
        channel.write(outgoing);
        if (outgoing.hasRemaining()) {
            selection.interestOps(SelectionKey.OP_WRITE);
            return Optional.empty();
        }
        selection.interestOps(SelectionKey.OP_READ);
        return received();
    }

    private Optional<byte[]> received() throws IOException {
        int read = channel.read(incoming);
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (incoming.hasRemaining()) {
            return Optional.empty();
        }
        if (!lengthIsKnown) {
            lengthIsKnown = true;
            incoming = ByteBuffer.allocate(incoming.getShort(0) & 0xffff);
            return received();
        }
        if (!query.isAnsweredBy(incoming.flip())) {
            throw new IOException("an answer to something else");
        }
        return Optional.of(incoming.array());
    }

    @Override
    public void close() {
        Closing.quietly(channel);
    }
}
