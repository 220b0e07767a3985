package io.jnet.daemon.control;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jnet.cni.CniPlugin;
import io.jnet.daemon.http.RequestBody;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.FrontEnd;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.ReaderGroup;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.failure.Reasons;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.engine.store.StateCopy;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.pool.PoolReport;
import io.jnet.netlink.address.IpPrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the command line's questions from the engine. */
public final class ControlSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int THREADS = 4;
    private static final Duration STALL = Duration.ofSeconds(10);

    /** The largest request: a list of ports, as long as the kernel lets a command line be that names them. */
    public static final int LARGEST_BODY = 2 * 1024 * 1024;

    private static final String BEGUN = "jnet.begun";
    private static final String FAILURE = "jnet.failure";
    private static final String OPERATION = "jnet.operation";

    private final Supplier<Backend> backend;
    private final String version;
    private final Metrics metrics;
    private final RequestBody bodies = new RequestBody();

    private ControlSocket(Supplier<Backend> backend, String version, Metrics metrics) {
        this.backend = backend;
        this.version = version;
        this.metrics = metrics;
    }

    /**
     * Binds the socket for root, and for a group that may ask and change nothing.
     *
     * @param backend asked for at each request; not before the socket is published
     * @param readers the group; empty for root alone
     */
    public static UnixHttpServer bind(
            SocketFile socket,
            Supplier<Backend> backend,
            String version,
            Metrics metrics,
            Optional<ReaderGroup> readers) {
        PeerPolicy peers = PeerPolicy.root().withReaders(readers);
        return bind(socket, backend, version, metrics, new ServerLimits(THREADS, STALL, STALL, LARGEST_BODY, peers));
    }

    /** Binds the socket with other limits. */
    public static UnixHttpServer bind(
            SocketFile socket, Supplier<Backend> backend, String version, Metrics metrics, ServerLimits limits) {
        return UnixHttpServer.bind(socket, limits, new ControlSocket(backend, version, metrics)::routes);
    }

    private void routes(RoutesConfig routes) {
        new Observed(metrics).routes(routes);
        routes.before("/v1/*", context -> context.attribute(BEGUN, System.nanoTime()));
        routes.before("/v1/endpoints/{ref}/ports", context -> context.attribute(OPERATION, "publish"));
        routes.after("/v1/*", this::count);
        routes.get("/v1/status", context -> answer(context, status()));
        routes.get("/v1/networks", context -> answer(context, networks()));
        routes.get("/v1/networks/{ref}", context -> answer(context, network(context.pathParam("ref"))));
        routes.delete(
                "/v1/networks/{ref}",
                context -> answer(context, removed(backend.get().cni().removeNetwork(context.pathParam("ref")))));
        routes.delete(
                "/v1/forgotten-networks/{ref}",
                context ->
                        answer(context, removed(backend.get().cni().removeForgottenNetwork(context.pathParam("ref")))));
        routes.delete(
                "/v1/forgotten-endpoints/{ref}",
                context -> answer(context, forget(context.pathParam("ref"), engine()::deleteUnusedEndpoint)));
        routes.delete(
                "/v1/forgotten-endpoints/{ref}/in-use",
                context -> answer(context, forget(context.pathParam("ref"), engine()::deleteEndpoint)));
        routes.delete("/v1/forgotten-pools/{id}", context -> answer(context, forgetPool(context.pathParam("id"))));
        routes.delete(
                "/v1/unrecorded/{instance}", context -> answer(context, engine().clean(context.pathParam("instance"))));
        routes.put("/v1/adopted/{what}", context -> answer(context, adopt(context, Optional.empty())));
        routes.put(
                "/v1/adopted/{what}/{instance}",
                context -> answer(context, adopt(context, Optional.of(context.pathParam("instance")))));
        routes.get("/v1/endpoints", context -> answer(context, endpoints()));
        routes.get("/v1/endpoints/{ref}", context -> answer(context, endpoint(context.pathParam("ref"))));
        routes.put("/v1/endpoints/{ref}/ports", context -> withPorts(context, this::publish));
        routes.delete("/v1/endpoints/{ref}/ports", context -> withPorts(context, this::unpublish));
        routes.get("/v1/ports", context -> answer(context, ports()));
        routes.get("/v1/ports/traffic", context -> answer(context, portsWithTraffic()));
        routes.get(
                "/v1/ipam/pools",
                context -> answer(
                        context,
                        backend.get().pools().pools().stream().map(PoolView::of).toList()));
        routes.get(
                "/v1/ipam/leases",
                context -> answer(
                        context,
                        backend.get().pools().leases().stream()
                                .map(LeaseView::of)
                                .toList()));
        routes.get("/v1/state", context -> answer(context, backend.get().state()));
        routes.exception(EngineException.class, (refused, context) -> {
            context.attribute(FAILURE, refused.code());
            if (!"GET".equals(context.req().getMethod())) {
                LOG.atWarn()
                        .addKeyValue("request", context.req().getMethod())
                        .addKeyValue("path", Printable.of(context.path()))
                        .addKeyValue("category", refused.code())
                        .log(refused.getMessage());
            }
            refuse(context, status(refused), refused.getMessage());
        });
        routes.exception(RequestBody.TooLargeException.class, (large, context) -> {
            context.attribute(FAILURE, ErrorCode.INVALID_REQUEST);
            refuse(context, 413, large.getMessage());
        });
        routes.exception(RequestBody.LateException.class, (late, context) -> {
            context.attribute(FAILURE, ErrorCode.INVALID_REQUEST);
            refuse(context, 408, late.getMessage());
        });
        routes.exception(IOException.class, (broken, context) -> {
            context.attribute(FAILURE, ErrorCode.INVALID_REQUEST);
            refuse(context, 400, "incomplete request");
        });
        routes.exception(RuntimeException.class, (defect, context) -> {
            context.attribute(FAILURE, ErrorCode.INTERNAL);
            LOG.atError().setCause(defect).log("unexpected failure");
            refuse(context, 500, Reasons.DEFECT);
        });
        routes.error(404, context -> {
            if (!"application/json".equals(context.res().getContentType())) {
                refuse(context, 404, "unknown path");
            }
        });
    }

    /** Counts an answer by what may come of it; paths that are none of these are not counted. */
    private void count(Context context) {
        String named = context.attribute(OPERATION);
        Long begun = context.attribute(BEGUN);
        ErrorCode failure = context.attribute(FAILURE);
        if (failure == null && context.statusCode() >= 400) {
            failure = ErrorCode.NOT_FOUND;
        }
        metrics.operations()
                .ended(
                        FrontEnd.CONTROL,
                        named == null ? byMethod(context) : named,
                        begun,
                        Optional.ofNullable(failure));
    }

    private static String byMethod(Context context) {
        return switch (context.req().getMethod()) {
            case "GET" -> "ask";
            case "PUT" -> "adopt";
            case "DELETE" -> "remove";
            default -> "unknown";
        };
    }

    private Engine engine() {
        return backend.get().engine();
    }

    private StatusView status() {
        long unjoined =
                engine().endpoints().stream().filter(Endpoint::isUnjoined).count();
        return StatusView.of(engine().status(), (int) unjoined, version);
    }

    private Rebuilt adopt(Context context, Optional<String> instance) {
        return switch (context.pathParam("what")) {
            case "all" -> engine().adoptLostState(instance, Completeness.REQUIRED);
            case "provable" -> engine().adoptLostState(instance, Completeness.NOT_REQUIRED);
            default -> throw EngineException.notFound("unknown path");
        };
    }

    private List<NetworkView> networks() {
        Map<NetworkId, List<Endpoint>> endpoints = engine().endpoints().stream()
                .collect(Collectors.groupingBy(endpoint -> endpoint.spec().network()));
        return engine().networks().stream()
                .map(network -> view(network, endpoints.getOrDefault(network.id(), List.of())))
                .toList();
    }

    private NetworkView view(Network network, List<Endpoint> endpoints) {
        return NetworkView.of(network, engine().publishPolicy(network), endpoints);
    }

    private NetworkView removed(Network network) {
        return view(network, List.of());
    }

    /** An endpoint of which Docker has no memory; CNI's have somebody else who has. */
    private EndpointView forget(String reference, BiConsumer<NetworkId, EndpointId> removal) {
        Endpoint endpoint = engine().endpoint(reference);
        if (CniPlugin.owns(endpoint)) {
            throw EngineException.conflict("endpoint " + endpoint.id() + " is CNI's: its runtime removes it");
        }
        EndpointView removed = endpoint(reference);
        removal.accept(endpoint.spec().network(), endpoint.id());
        return removed;
    }

    /** A pool of which Docker has no memory; without effect when it is gone. */
    private PoolView forgetPool(String id) {
        PoolReport report = backend.get().pools().pools().stream()
                .filter(one -> one.pool().id().value().equals(id))
                .findFirst()
                .orElseThrow(() -> EngineException.notFound("no address pool \"" + Printable.of(id) + "\""));
        if (CniPlugin.owns(report.pool())) {
            throw EngineException.conflict(
                    "address pool " + report.pool().id() + " is CNI's: it goes with its network");
        }
        engine().networks().stream()
                .filter(network -> hasContainers(network, report.pool().prefix()))
                .findFirst()
                .ifPresent(network -> {
                    throw EngineException.conflict("address pool "
                            + report.pool().id() + " is in use by containers of network " + network.displayName());
                });
        backend.get().pools().releasePool(report.pool().id());
        return PoolView.of(report);
    }

    private boolean hasContainers(Network network, IpPrefix range) {
        return network.spec().subnets().stream()
                        .anyMatch(subnet -> subnet.prefix().equals(range))
                && engine().endpoints().stream()
                        .anyMatch(endpoint -> endpoint.spec().network().equals(network.id()) && !endpoint.isUnjoined());
    }

    private NetworkDetailView network(String reference) {
        Network network = engine().network(reference);
        List<PortClash> clashes = engine().clashes();
        List<Endpoint> endpoints = engine().endpoints().stream()
                .filter(endpoint -> endpoint.spec().network().equals(network.id()))
                .toList();
        return new NetworkDetailView(
                view(network, endpoints),
                endpoints.stream()
                        .map(endpoint -> EndpointView.of(engine(), endpoint, Optional.of(network), clashes))
                        .toList());
    }

    private List<EndpointView> endpoints() {
        Map<NetworkId, Network> networks =
                engine().networks().stream().collect(Collectors.toMap(Network::id, Function.identity()));
        List<PortClash> clashes = engine().clashes();
        return engine().endpoints().stream()
                .map(endpoint -> EndpointView.of(
                        engine(),
                        endpoint,
                        Optional.ofNullable(networks.get(endpoint.spec().network())),
                        clashes))
                .toList();
    }

    private EndpointView endpoint(String reference) {
        Endpoint endpoint = engine().endpoint(reference);
        Optional<Network> network = engine().networks().stream()
                .filter(one -> one.id().equals(endpoint.spec().network()))
                .findFirst();
        return EndpointView.of(engine(), endpoint, network, engine().clashes());
    }

    /** What is done with an endpoint and the list of ports that a request's body is. */
    private void withPorts(Context context, BiFunction<String, List<String>, EndpointView> change) throws IOException {
        bodies.read(context, body -> answer(context, change.apply(context.pathParam("ref"), PublishText.list(body))));
    }

    private EndpointView publish(String reference, List<String> ports) {
        Endpoint endpoint = engine().endpoint(reference);
        engine().publishMore(
                        endpoint.spec().network(),
                        endpoint.id(),
                        ports.stream()
                                .flatMap(port -> PublishText.parse(port).requests().stream())
                                .toList());
        return endpoint(endpoint.id().value());
    }

    private EndpointView unpublish(String reference, List<String> ports) {
        Endpoint endpoint = engine().endpoint(reference);
        engine().unpublish(
                        endpoint.spec().network(),
                        endpoint.id(),
                        ports.stream()
                                .map(port -> PublishText.parseSelection(port).selection())
                                .toList());
        return endpoint(endpoint.id().value());
    }

    private List<PortView> ports() {
        return endpoints().stream()
                .flatMap(endpoint -> endpoint.reached().stream())
                .toList();
    }

    private List<PortView> portsWithTraffic() {
        Traffic traffic = Traffic.of(engine());
        return ports().stream().map(traffic::addTo).toList();
    }

    private static int status(EngineException refused) {
        return switch (refused.code()) {
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case INVALID_REQUEST -> 400;
            case EXHAUSTED, UNSUPPORTED, KERNEL, INTERNAL -> 500;
        };
    }

    private static void answer(Context context, Object message) {
        context.contentType("application/json").result(ControlJson.write(message));
    }

    /** With its length, so that an answer that breaks off is none. */
    private static void answer(Context context, StateStore state) {
        try (StateCopy copy = state.copy()) {
            context.contentType("application/json").res().setContentLengthLong(copy.size());
            copy.writeTo(context.outputStream());
        } catch (IOException gone) {
            LOG.atDebug().setCause(gone).log("a client has left before it had the state");
        }
    }

    private static void refuse(Context context, int status, String message) {
        context.status(status).contentType("application/json").result(ControlJson.write(new FailureView(message)));
    }
}
