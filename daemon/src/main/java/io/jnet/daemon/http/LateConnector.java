package io.jnet.daemon.http;

import io.jnet.daemon.socket.SocketFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * Binds at the start, and accepts no connection before it is told. A thread that accepts from a socket stays with that socket, also when its
 * descriptor has become one of another ({@link SocketFile#publish}).
 *
 * <p>Jetty's own {@code setAccepting} has a Unix-domain connector with a blocking acceptor register with a selector as well (12.1), which
 * fails.
 */
final class LateConnector extends UnixDomainServerConnector {
    private final CountDownLatch accepting = new CountDownLatch(1);

    LateConnector(Server server, ConnectionFactory connections) {
        super(server, 1, 1, connections);
    }

    /** Accepts from now on. */
    void open() {
        accepting.countDown();
    }

    @Override
    protected void accept(int acceptor) throws IOException {
        try {
            accepting.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw (IOException) new ClosedByInterruptException().initCause(stopped);
        }
        super.accept(acceptor);
    }
}
