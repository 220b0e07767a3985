package io.jnet.daemon.plugin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jnet.daemon.http.RequestBody;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.FrontEnd;
import io.jnet.daemon.metrics.OperationListener;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.engine.failure.Reasons;
import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.PluginResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the plugin protocol: every POST goes to the plugin with its path and its whole body. */
public final class PluginSocket {
    /**
     * The largest request: {@code -p 1-65535:1-65535} makes a port map of 5.6 MB and a list of exposed ports of 1.6 MB.
     */
    public static final int LARGEST_BODY = 8 * 1024 * 1024;

    /** What one machine's containers can make use of at a time; more wait. */
    private static final int THREADS = 32;

    private static final Duration STALL = Duration.ofSeconds(30);

    /** dockerd writes a request in one go. */
    private static final Duration ARRIVAL = Duration.ofSeconds(5);

    /** No method's answer. */
    private static final int UNKNOWN = 404;

    private static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(PluginSocket.class);

    private final Supplier<DockerPlugin> plugin;
    private final OperationListener operations;
    private final RequestBody bodies = new RequestBody();

    private PluginSocket(Supplier<DockerPlugin> plugin, OperationListener operations) {
        this.plugin = plugin;
        this.operations = operations;
    }

    /**
     * Binds the socket for root only.
     *
     * @param plugin asked for at each request; not before the socket is published
     */
    public static UnixHttpServer bind(SocketFile socket, Supplier<DockerPlugin> plugin, OperationListener operations) {
        return bind(
                socket, plugin, operations, new ServerLimits(THREADS, STALL, ARRIVAL, LARGEST_BODY, PeerPolicy.root()));
    }

    /** Binds the socket with other limits. */
    public static UnixHttpServer bind(
            SocketFile socket, Supplier<DockerPlugin> plugin, OperationListener operations, ServerLimits limits) {
        return UnixHttpServer.bind(socket, limits, new PluginSocket(plugin, operations)::routes);
    }

    private void routes(RoutesConfig routes) {
        routes.post("/<method>", this::answer);
        routes.exception(
                RequestBody.TooLargeException.class, (large, context) -> refuse(context, 413, large.getMessage()));
        routes.exception(RequestBody.LateException.class, (late, context) -> refuse(context, 408, late.getMessage()));
        routes.exception(IOException.class, (broken, context) -> refuse(context, 400, "incomplete request"));
        routes.exception(Exception.class, (defect, context) -> {
            LOG.atError().setCause(defect).log("unexpected failure");
            refuse(context, 500, Reasons.DEFECT);
        });
        routes.error(
                404,
                context ->
                        refuse(context, 404, "unknown method: want POST /Plugin.Activate or a method of the protocol"));
    }

    private void answer(Context context) throws IOException {
        bodies.read(context, body -> {
            long begun = System.nanoTime();
            PluginResponse response = plugin.get().handle(context.path(), body);
            String method =
                    response.status() == UNKNOWN ? "unknown" : context.path().substring(1);
            operations.ended(FrontEnd.DOCKER, method, begun, response.failure());
            context.status(response.status()).contentType(JSON).result(response.body());
        });
    }

    private static void refuse(Context context, int status, String message) {
        if (JSON.equals(context.res().getContentType())) {
            return; // the driver has answered already
        }
        LOG.atWarn().addKeyValue("path", printable(context.path())).log(message);
        context.status(status).contentType(JSON).result(failure(message));
    }

    private static byte[] failure(String message) {
        return ("{\"Err\":\"" + message + "\",\"Error\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static String printable(String path) {
        return path.substring(0, Math.min(path.length(), 80)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
