package io.jnet.daemon.http;

import io.javalin.config.RoutesConfig;
import io.jnet.daemon.socket.ListenAddress;
import io.jnet.daemon.socket.SocketUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link TcpHttpServer} that comes as soon as its address can be had: an address may come up after the daemon, and a port be another process's for
 * a while. Neither is a reason for a host without a network.
 */
public final class PatientTcpServer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(PatientTcpServer.class);

    private final ListenAddress address;
    private final Consumer<RoutesConfig> routes;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    /** Of the constructor, then of the thread, then of who has seen it end. */
    private Optional<TcpHttpServer> server;

    private PatientTcpServer(ListenAddress address, Consumer<RoutesConfig> routes, Duration pause) {
        this.address = address;
        this.routes = routes;
        this.pause = pause;
        thread = new Thread(this::tryAgain, "metrics-listen");
        thread.setDaemon(true);
        server = first();
        if (server.isEmpty()) {
            thread.start();
        }
    }

    /** Listens; where that is not possible now, it is said in the log, and tried again in the background until it is. */
    public static PatientTcpServer start(ListenAddress address, Consumer<RoutesConfig> routes) {
        return start(address, routes, PAUSE);
    }

    static PatientTcpServer start(ListenAddress address, Consumer<RoutesConfig> routes, Duration pause) {
        return new PatientTcpServer(address, routes, pause);
    }

    private Optional<TcpHttpServer> first() {
        try {
            return Optional.of(TcpHttpServer.start(address, routes));
        } catch (SocketUnavailableException refused) {
            LOG.warn(
                    "{}; nothing is told there until that works, it is tried again every {} s",
                    refused.getMessage(),
                    pause.toSeconds());
            return Optional.empty();
        }
    }

    private void tryAgain() {
        try {
            while (server.isEmpty() && !closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                server = again();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<TcpHttpServer> again() {
        try {
            TcpHttpServer listening = TcpHttpServer.start(address, routes);
            LOG.info("listening on {} now", address);
            return Optional.of(listening);
        } catch (SocketUnavailableException still) {
            LOG.debug("{}", still.getMessage());
            return Optional.empty();
        }
    }

    /** Ends it, or the trying. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.ifPresent(TcpHttpServer::close);
    }
}
