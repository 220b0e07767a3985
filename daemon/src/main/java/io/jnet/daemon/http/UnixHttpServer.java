package io.jnet.daemon.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinLogger;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.daemon.socket.SocketUnavailableException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on one Unix-domain socket. Requests of different connections run at the same time, up to the pool's threads; more wait their
 * turn. No handler waits for another request, so waiting cannot become a deadlock.
 */
public final class UnixHttpServer implements AutoCloseable {
    /** Connections that wait to be accepted: dockerd starts up to 128 containers a processor at boot. Cut by net.core.somaxconn. */
    private static final int BACKLOG = 1024;

    /**
     * What a client may leave unread in the kernel: a few answers. One that sends a thousand requests and reads nothing is not served before the others
     * for long.
     */
    private static final int UNREAD = 16 * 1024;

    private static final int IDLE_THREAD_MILLIS = 30_000;
    private static final long STOP_MILLIS = 5_000;
    private static final long STOP_IDLE_MILLIS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(UnixHttpServer.class);

    private final Javalin javalin;
    private final SocketFile socket;

    private UnixHttpServer(Javalin javalin, SocketFile socket) {
        this.javalin = javalin;
        this.socket = socket;
    }

    /**
     * Binds a prepared socket and serves it, but where no client looks for it yet: see {@link #publish}.
     *
     * @throws SocketUnavailableException when the path cannot be bound
     */
    public static UnixHttpServer bind(SocketFile socket, ServerLimits limits, Consumer<RoutesConfig> routes) {
        // What it would log is answered or thrown here.
        JavalinLogger.enabled = false;
        Javalin javalin = Javalin.create(config -> configure(config, socket, limits, routes));
        socket.bind(() -> {
            try {
                javalin.start();
            } catch (RuntimeException failed) {
                javalin.stop();
                throw new SocketUnavailableException(
                        "cannot bind socket " + socket.path() + ": " + RootCause.of(failed), failed);
            }
        });
        limits.peers().readers().ifPresent(socket::openTo);
        return new UnixHttpServer(javalin, socket);
    }

    /**
     * Puts the socket in its place: from now on clients come.
     *
     * @throws SocketUnavailableException when the place cannot be taken
     */
    public void publish() {
        socket.publish();
        for (Connector connector : javalin.jettyServer().server().getConnectors()) {
            ((LateConnector) connector).open();
        }
    }

    /** Where the socket is. */
    public Path path() {
        return socket.path();
    }

    /** Removes the socket file, lets running requests end, and stops. */
    @Override
    public void close() {
        socket.remove();
        try {
            javalin.stop();
        } catch (RuntimeException late) {
            // A request, or a client that does not take its answer, has outlived the patience; the connections are
            // closed all the same.
            LOG.atWarn().addKeyValue("socket", socket.path()).log("stopped with a request under way");
        }
    }

    private static void configure(
            JavalinConfig config, SocketFile socket, ServerLimits limits, Consumer<RoutesConfig> routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        // What is asked for by an empty name is not all that there is.
        config.router.ignoreTrailingSlashes = false;
        // The acceptor and the selector need a thread each beside the handlers.
        QueuedThreadPool threads = new QueuedThreadPool(limits.threads() + 2, 3, IDLE_THREAD_MILLIS);
        threads.setName(socket.name());
        threads.setReservedThreads(0);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(server -> adjust(server, limits));
        config.jetty.addConnector((server, http) -> connector(server, http, socket, limits));
        routes.accept(config.routes);
    }

    private static void adjust(Server server, ServerLimits limits) {
        // It would close quiet connections when all threads are busy, and dockerd repeats a request without its body
        // then.
        server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        server.setStopTimeout(STOP_MILLIS);
        server.setErrorHandler(new JsonErrorHandler());
        server.setHandler(new UnreadAnswers(new ReadersOnlyRead(new WholeBodies(limits))));
    }

    private static LateConnector connector(
            Server server, HttpConfiguration http, SocketFile socket, ServerLimits limits) {
        http.setSendDateHeader(false);
        LateConnector connector = new LateConnector(server, new PluginConnectionFactory(http, limits.peers()));
        connector.setUnixDomainPath(socket.bindPath());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setAcceptedSendBufferSize(UNREAD);
        connector.setIdleTimeout(limits.stall().toMillis());
        // From the stop on, silent connections are closed so soon; those with a running request are not silent.
        connector.setShutdownIdleTimeout(STOP_IDLE_MILLIS);
        return connector;
    }
}
