package io.jnet.daemon.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinLogger;
import io.jnet.daemon.socket.ListenAddress;
import io.jnet.daemon.socket.SocketUnavailableException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that anybody may ask who reaches its address: for what is no secret and changes nothing. Few threads and few connections: whoever
 * takes them all keeps others of this server from being answered, and nobody else.
 */
public final class TcpHttpServer implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    /** Two for requests, beside the acceptor and the selector. */
    private static final int THREADS = 4;

    private static final int IDLE_THREAD_MILLIS = 30_000;
    private static final int SILENCE_MILLIS = 10_000;
    private static final int LARGEST_HEADER = 4096;
    private static final long STOP_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(TcpHttpServer.class);

    private final Javalin javalin;
    private final ListenAddress address;

    private TcpHttpServer(Javalin javalin, ListenAddress address) {
        this.javalin = javalin;
        this.address = address;
    }

    /**
     * Listens, and answers from now on.
     *
     * @throws SocketUnavailableException when the address is taken or not the host's
     */
    public static TcpHttpServer start(ListenAddress address, Consumer<RoutesConfig> routes) {
        JavalinLogger.enabled = false;
        Javalin javalin = Javalin.create(config -> configure(config, address, routes));
        try {
            javalin.start();
        } catch (RuntimeException failed) {
            javalin.stop();
            throw new SocketUnavailableException("cannot listen on " + address + ": " + RootCause.of(failed), failed);
        }
        return new TcpHttpServer(javalin, address);
    }

    @Override
    public void close() {
        try {
            javalin.stop();
        } catch (RuntimeException late) {
            LOG.atWarn().addKeyValue("address", address).log("stopped with a request under way");
        }
    }

    private static void configure(JavalinConfig config, ListenAddress address, Consumer<RoutesConfig> routes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 3, IDLE_THREAD_MILLIS);
        threads.setName("metrics");
        threads.setReservedThreads(0);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(TcpHttpServer::adjust);
        config.jetty.addConnector((server, http) -> connector(server, http, address));
        routes.accept(config.routes);
    }

    private static void adjust(Server server) {
        server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        server.setStopTimeout(STOP_MILLIS);
        server.setErrorHandler(new JsonErrorHandler());
        server.setHandler(new UnreadAnswers(new Handler.Wrapper()));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, ListenAddress address) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LARGEST_HEADER);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.address().toString());
        connector.setPort(address.port());
        connector.setIdleTimeout(SILENCE_MILLIS);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
        return connector;
    }
}
