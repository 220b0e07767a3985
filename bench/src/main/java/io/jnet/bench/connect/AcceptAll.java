package io.jnet.bench.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** {@code AcceptAll PORT}: accepts each connection and closes it, which tells the client that it is through. */
public final class AcceptAll {
    private static final int BACKLOG = 1024;

    private AcceptAll() {}

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress("0.0.0.0", Integer.parseInt(arguments[0])), BACKLOG);
            System.out.println("listening");
            while (true) {
                server.accept().close();
            }
        }
    }
}
