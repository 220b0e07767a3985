package io.jnet.testbed.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One TCP connection on which numbers go out, one a line, and must come back in their order. */
final class EchoStream implements AutoCloseable {
    private final Socket socket;
    private final OutputStream output;
    private final Thread reader;
    private volatile int returned;
    private volatile boolean broken;

    private EchoStream(Socket socket) throws IOException {
        this.socket = socket;
        this.output = socket.getOutputStream();
        this.reader = new Thread(this::read, "echo reader");
        this.reader.setDaemon(true);
    }

    static EchoStream open(InetSocketAddress server, int timeoutMillis) throws IOException {
        Socket socket = new Socket();
        socket.connect(server, timeoutMillis);
        socket.setTcpNoDelay(true);
        EchoStream stream = new EchoStream(socket);
        stream.reader.start();
        return stream;
    }

    /** Sends a number; numbers start at 0 and rise by one. A broken connection swallows it. */
    void send(int number) {
        if (broken) {
            return;
        }
        try {
            output.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            broken = true;
            System.out.println("stream: " + e);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine();
                    line != null && Integer.parseInt(line) == returned;
                    line = lines.readLine()) {
                returned = Integer.parseInt(line) + 1;
            }
        } catch (IOException e) {
            broken = true;
            System.out.println("stream: " + e);
        }
    }

    /** Ends the sending side, waits for the rest, and gives how many numbers have come back in their order. */
    int finish() throws InterruptedException {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            System.out.println("stream: " + e);
        }
        reader.join(10_000);
        return returned;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
