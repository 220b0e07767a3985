package io.jnet.bench.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code ConnectTimes ADDRESS PORT COUNT}: connects this many times, one after the other, and prints the median and the 99th percentile
 * of the time from the call of connect(2) to its return, in microseconds, and how many connections came and went in a second.
 */
public final class ConnectTimes {
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int END_OF_STREAM = -1;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENTILE = 0.99;

    private ConnectTimes() {}

    /** Connects, as often again before as counts, so that code is compiled. */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress server = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        int count = Integer.parseInt(arguments[2]);
        List<Long> nanos = new ArrayList<>(count);
        long start = 0;
        for (int number = 0; number < 2 * count; number++) {
            if (number == count) {
                start = System.nanoTime();
            }
            long time = connect(server);
            if (number >= count) {
                nanos.add(time);
            }
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        nanos.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%.2f %.2f %.0f%n",
                nanos.get(count / 2) / NANOS_PER_MICRO,
                nanos.get((int) (count * PERCENTILE)) / NANOS_PER_MICRO,
                count / seconds);
    }

    private static long connect(InetSocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            // Closed by a reset: a client that connects often runs out of ports by TIME_WAIT.
            socket.setSoLinger(true, 0);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            long start = System.nanoTime();
            socket.connect(server, TIMEOUT_MILLIS);
            long time = System.nanoTime() - start;
            // Until the server has closed: so it is never behind, and its queue never full.
            if (socket.getInputStream().read() != END_OF_STREAM) {
                throw new IOException("unexpected data");
            }
            return time;
        }
    }
}
