package io.jnet.netlink.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The descriptors that the JDK opens once and keeps: with the first file that is closed on Java 17, with the first connection on later
 * ones, it makes a socket pair for closing sockets that other threads are using. Without them the tests can compare descriptors.
 */
final class JdkDescriptors {
    private static boolean opened;

    private JdkDescriptors() {}

    static synchronized void open() {
        if (!opened) {
            try (FreshNamespace namespace = FreshNamespace.create()) {
                namespace.assertNothingRemains();
                assertThat(namespace.call(JdkDescriptors::connect)).isEqualTo(-1);
            }
            opened = true;
        }
    }

    private static int connect() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            server.accept().close();
            return client.getInputStream().read();
        }
    }
}
