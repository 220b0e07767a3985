package io.jnet.dns;

import io.jnet.netlink.testkit.FreshNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Sends queries from a container as fast as it can, and reads no answer. */
final class Flood {
    private final DatagramChannel channel;
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::run, "flood");
    private volatile boolean stopped;

    private Flood(DatagramChannel channel) {
        this.channel = channel;
    }

    static Flood start(FreshNamespace container, String server, int port) {
        DatagramChannel channel = container.call(() -> {
            DatagramChannel opened = DatagramChannel.open();
            opened.connect(new InetSocketAddress(server, port));
            return opened;
        });
        Flood flood = new Flood(channel);
        flood.thread.start();
        return flood;
    }

    long sent() {
        return sent.get();
    }

    void stop() throws IOException, InterruptedException {
        stopped = true;
        thread.join();
        channel.close();
    }

    private void run() {
        ByteBuffer message = ByteBuffer.allocateDirect(40).put("flood".getBytes(StandardCharsets.US_ASCII));
        while (!stopped) {
            try {
                message.clear();
                channel.write(message);
                sent.incrementAndGet();
            } catch (PortUnreachableException notYet) {
                Thread.onSpinWait();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
