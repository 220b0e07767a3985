package io.jnet.testbed.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The other side of {@link ConnectionLoad}: {@code LoadServer WEB_PORT ECHO_PORT}. Its queues are long enough for any load of the tests:
 * a connection that is refused here was not refused for want of a server's time. It runs until it is killed.
 */
public final class LoadServer {
    private static final int BACKLOG = 4096;
    private static final byte[] PAGE =
            "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n".getBytes(StandardCharsets.US_ASCII);

    private LoadServer() {}

    /** Serves both ports; see the class. */
    public static void main(String[] arguments) throws IOException {
        ExecutorService workers = Executors.newCachedThreadPool();
        try (ServerSocket web = new ServerSocket(Integer.parseInt(arguments[0]), BACKLOG);
                ServerSocket echo = new ServerSocket(Integer.parseInt(arguments[1]), BACKLOG)) {
            System.out.println("started");
            workers.execute(() -> serve(echo, workers, LoadServer::sendBack));
            serve(web, workers, LoadServer::sendPage);
        }
    }

    private interface Service {
        void serve(Socket client) throws IOException;
    }

    private static void serve(ServerSocket server, ExecutorService workers, Service service) {
        while (true) {
            try {
                Socket client = server.accept();
                workers.execute(() -> {
                    try (client) {
                        service.serve(client);
                    } catch (IOException e) {
                        System.out.println(e);
                    }
                });
            } catch (IOException e) {
                System.out.println(e);
                return;
            }
        }
    }

    private static void sendPage(Socket client) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            // A request without a body ends with an empty line.
        }
        client.getOutputStream().write(PAGE);
    }

    private static void sendBack(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        try (InputStream input = client.getInputStream();
                OutputStream output = client.getOutputStream()) {
            input.transferTo(output);
        }
    }
}
