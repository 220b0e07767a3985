package io.jnet.dns.listen;

import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.query.Responder;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.Poller.Interest;
import io.jnet.netlink.libc.TcpSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection, with any number of queries one after the other, which are answered in the order in which the answers come (RFC 7766 sections
 * 6.2.1 and 7). While it has many under way, or does not fetch what was answered, no more are read. Of the loop's thread.
 */
final class TcpClient {
    private static final int MOST_UNDER_WAY = 16;
    private static final int MOST_UNSENT = 128 * 1024;
    private static final int LONGEST_ANSWER = 0xffff;
    /** Pieces taken before other sockets get their turn. */
    private static final int BURST = 32;

    private final Loop loop;
    private final TcpPlaces places;
    private final TcpSocket socket;
    private final IpAddress address;
    private final Responder responder;
    private final NetworkId network;
    private final long key;
    private final Frame frame = new Frame();
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private Optional<Interest> interest = Optional.empty();
    private int unsentBytes;
    private int underWay;
    private long lastProgress = System.nanoTime();
    private boolean asksNoMore;
    private boolean isResponding;
    private boolean ended;

    TcpClient(
            Loop loop, TcpPlaces places, TcpSocket socket, IpAddress address, Responder responder, NetworkId network) {
        this.loop = loop;
        this.places = places;
        this.socket = socket;
        this.address = address;
        this.responder = responder;
        this.network = network;
        this.key = loop.register(this::move);
    }

    IpAddress address() {
        return address;
    }

    /** Whether it waits for nothing. */
    boolean isIdle() {
        return underWay == 0 && unsent.isEmpty();
    }

    /** When it last asked something or took something of an answer. */
    long lastProgress() {
        return lastProgress;
    }

    /** Begins to read. */
    void begin() {
        move();
    }

    /** Ends it in an orderly way. */
    void end() {
        end(TcpSocket::close);
    }

    private void move() {
        if (ended) {
            return;
        }
        try {
            send();
            receive();
            if (asksNoMore && isIdle()) {
                end();
            }
            if (!ended) {
                await();
            }
        } catch (KernelException | IllegalArgumentException broken) {
            end(TcpSocket::abort);
        }
    }

    private void receive() {
        for (int i = 0; i < BURST && !ended && wantsQueries(); i++) {
            int length = socket.receive(loop.buffer(), frame.missing());
            if (length == TcpSocket.WOULD_BLOCK) {
                return;
            }
            if (length == 0) {
                asksNoMore = true;
                return;
            }
            Optional<ByteBuffer> message = frame.add(loop.buffer(), length);
            if (message.isPresent()) {
                lastProgress = System.nanoTime();
                underWay++;
                if (!respond(message.get())) {
                    // No query. It would be waited for without end.
                    end(TcpSocket::abort);
                    return;
                }
                send();
            }
        }
    }

    private boolean respond(ByteBuffer message) {
        isResponding = true;
        try {
            return responder.respond(new Query(message, network, address, Transport.TCP), this::answer);
        } finally {
            isResponding = false;
        }
    }

    private boolean wantsQueries() {
        return !asksNoMore && unsent.isEmpty() && underWay < MOST_UNDER_WAY;
    }

    /** Comes from any thread; at once, in most cases. */
    private void answer(ByteBuffer message) {
        boolean atOnce = loop.isHere() && isResponding;
        if (!places.backlog().take(message.remaining())) {
            if (atOnce) {
                end(TcpSocket::abort);
            } else {
                loop.order(() -> end(TcpSocket::abort));
            }
        } else if (atOnce) {
            collect(message);
        } else {
            answerLater(message);
        }
    }

    private void answerLater(ByteBuffer message) {
        boolean taken = loop.answer(() -> {
            collect(message);
            move();
        });
        if (!taken) {
            places.backlog().giveBack(message.remaining());
            loop.order(this::lose);
        }
    }

    private void lose() {
        underWay--;
        move();
    }

    private void collect(ByteBuffer message) {
        int length = message.remaining();
        if (ended) {
            places.backlog().giveBack(length);
            return;
        }
        underWay--;
        unsentBytes += length;
        if (length > LONGEST_ANSWER || unsentBytes > MOST_UNSENT) {
            end(TcpSocket::abort);
            return;
        }
        // In one piece: some clients read no further than the first segment.
        unsent.add(ByteBuffer.allocate(Short.BYTES + length)
                .putShort((short) length)
                .put(message.duplicate())
                .flip());
    }

    private void send() {
        while (!unsent.isEmpty()) {
            ByteBuffer next = unsent.peek();
            loop.buffer().put(next.array(), next.arrayOffset() + next.position(), next.remaining());
            int sent = socket.send(loop.buffer(), next.remaining());
            if (sent == TcpSocket.WOULD_BLOCK) {
                return;
            }
            lastProgress = System.nanoTime();
            next.position(next.position() + sent);
            if (!next.hasRemaining()) {
                int length = next.limit() - Short.BYTES;
                unsentBytes -= length;
                places.backlog().giveBack(length);
                unsent.remove();
            }
        }
    }

    private void await() {
        Optional<Interest> wanted = wanted();
        if (wanted.equals(interest)) {
            return;
        }
        if (wanted.isEmpty()) {
            loop.poller().remove(socket);
        } else if (interest.isEmpty()) {
            loop.poller().add(socket, wanted.get(), key);
        } else {
            loop.poller().change(socket, wanted.get(), key);
        }
        interest = wanted;
    }

    private Optional<Interest> wanted() {
        if (!unsent.isEmpty()) {
            return Optional.of(Interest.WRITE);
        }
        return wantsQueries() ? Optional.of(Interest.READ) : Optional.empty();
    }

    private void end(Consumer<TcpSocket> ending) {
        if (!ended) {
            ended = true;
            loop.unregister(key);
            places.giveBack(this);
            unsent.clear();
            places.backlog().giveBack(unsentBytes);
            unsentBytes = 0;
            ending.accept(socket);
        }
    }
}
