package io.jnet.testbed.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Connections to one socket that all do the same, and read nothing. */
public final class Crowd implements AutoCloseable {
    /** For bytes to be taken, and for a queue of connections to have room. */
    private static final long PAUSE_NANOS = 1_000_000;
    /** Longer than a daemon that collects its garbage on a busy machine. */
    private static final long STANDSTILL_NANOS = 300_000_000;

    private final List<SocketChannel> channels = new ArrayList<>();

    private Crowd() {}

    /** Opens connections; they have not been accepted yet when this returns. */
    public static Crowd connect(Path socket, int size) {
        Crowd crowd = new Crowd();
        try {
            for (int i = 0; i < size; i++) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                crowd.channels.add(channel);
                // Waits while the queue is full.
                channel.connect(UnixDomainSocketAddress.of(socket));
                channel.configureBlocking(false);
            }
            return crowd;
        } catch (IOException e) {
            crowd.close();
            throw new UncheckedIOException("connect to " + socket, e);
        }
    }

    /** Has each send this, as far as the kernel takes it now. */
    public void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        channels.forEach(channel -> write(channel, ByteBuffer.wrap(bytes)));
    }

    /** As {@link #flood}, until the kernel takes no more. */
    public void fill(String text, long total, long nanos) {
        flood(text, total, nanos, STANDSTILL_NANOS);
    }

    /**
     * Has each send the same again and again, until the other side has closed all.
     *
     * @param total how many bytes each sends at most
     * @param nanos how long at most
     * @return how many bytes went out together
     */
    public long flood(String text, long total, long nanos) {
        return flood(text, total, nanos, nanos);
    }

    private long flood(String text, long total, long nanos, long standstill) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        long[] sent = new long[channels.size()];
        long end = System.nanoTime() + nanos;
        long lastTaken = System.nanoTime();
        long all = 0;
        boolean open = true;
        while (open && System.nanoTime() < end && System.nanoTime() - lastTaken < standstill) {
            open = false;
            long round = 0;
            for (int i = 0; i < sent.length; i++) {
                if (channels.get(i).isOpen() && sent[i] < total) {
                    ByteBuffer part = ByteBuffer.wrap(bytes);
                    int start = (int) (sent[i] % bytes.length);
                    part.position(start);
                    round += write(channels.get(i), part);
                    sent[i] += part.position() - start;
                    open = true;
                }
            }
            all += round;
            if (round == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            } else {
                lastTaken = System.nanoTime();
            }
        }
        return all;
    }

    /** How many the other side has not closed. */
    public long open() {
        return channels.stream().filter(Crowd::isOpen).count();
    }

    /** What it has been answered is read: it comes before the end. */
    private static boolean isOpen(SocketChannel channel) {
        ByteBuffer answer = ByteBuffer.allocate(0x10000);
        try {
            int read = 1;
            while (channel.isOpen() && read > 0) {
                answer.clear();
                read = channel.read(answer);
            }
            return channel.isOpen() && read == 0;
        } catch (IOException reset) {
            return false;
        }
    }

    /** A connection that was closed stays so. */
    private static int write(SocketChannel channel, ByteBuffer bytes) {
        try {
            return channel.isOpen() ? channel.write(bytes) : 0;
        } catch (IOException refused) {
            close(channel);
            return 0;
        }
    }

    @Override
    public void close() {
        channels.forEach(Crowd::close);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
