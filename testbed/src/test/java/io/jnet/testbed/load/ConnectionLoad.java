package io.jnet.testbed.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A new connection at each tick, and one that lasts: {@code ConnectionLoad ADDRESS WEB_PORT ECHO_PORT STOP_FILE}. The new ones fetch a
 * page; on the lasting one each tick sends a line and each line must come back in its order. It ends when the file appears, at the
 * latest after {@link #LONGEST}, and prints one {@link LoadReport}.
 */
public final class ConnectionLoad {
    /** The time from one new connection to the next. */
    public static final Duration TICK = Duration.ofMillis(10);
    /** How long it runs if nobody stops it. */
    public static final Duration LONGEST = Duration.ofMinutes(2);

    /**
     * A connection that gets no answer in this time has failed, and one that is refused or broken at once. It is for what is lost for good: how many
     * packets were lost and sent again is for {@code TcpExtTCPSynRetrans} to say.
     */
    private static final int TIMEOUT_MILLIS = 15_000;

    private static final int WORKERS = 64;
    private static final int PROGRESS = 100;
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress web;
    private final AtomicInteger succeeded = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();

    private ConnectionLoad(InetSocketAddress web) {
        this.web = web;
    }

    /** Runs the load; see the class. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String address = arguments[0];
        ConnectionLoad load = new ConnectionLoad(new InetSocketAddress(address, Integer.parseInt(arguments[1])));
        load.run(new InetSocketAddress(address, Integer.parseInt(arguments[2])), Path.of(arguments[3]));
    }

    private void run(InetSocketAddress echo, Path stopFile) throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        int ticks = 0;
        try (EchoStream stream = EchoStream.open(echo, TIMEOUT_MILLIS)) {
            System.out.println("started");
            long start = System.nanoTime();
            while (!Files.exists(stopFile) && System.nanoTime() - start < LONGEST.toNanos()) {
                workers.execute(this::fetch);
                stream.send(ticks);
                ticks++;
                if (ticks % PROGRESS == 0) {
                    System.out.println("connections " + ticks);
                }
                LockSupport.parkNanos(start + ticks * TICK.toNanos() - System.nanoTime());
            }
            workers.shutdown();
            boolean ended = workers.awaitTermination(LONGEST.toSeconds(), TimeUnit.SECONDS);
            int unanswered = ended ? 0 : ticks - succeeded.get() - failed.get();
            int returned = stream.finish();
            System.out.println(new LoadReport(
                    ticks,
                    failed.get() + unanswered,
                    TimeUnit.NANOSECONDS.toMillis(slowestNanos.get()),
                    ticks - returned));
        } finally {
            workers.shutdownNow();
        }
    }

    private void fetch() {
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(web, TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            try (InputStream answer = socket.getInputStream()) {
                String text = new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
                if (!text.contains(" 200 OK")) {
                    throw new IOException("answer: " + text);
                }
            }
            succeeded.incrementAndGet();
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
        } catch (IOException e) {
            if (failed.incrementAndGet() <= 10) {
                System.out.println("failed: " + e);
            }
        }
    }
}
