package io.jnet.daemon.command;

import io.jnet.cni.CniPlugin;
import io.jnet.daemon.cni.CniSocket;
import io.jnet.daemon.control.ControlSocket;
import io.jnet.daemon.control.Observed;
import io.jnet.daemon.http.PatientTcpServer;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.plugin.PluginSocket;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.ListenAddress;
import io.jnet.daemon.socket.ReaderGroup;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.driver.NetworkDriver;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.ipam.IpamDriver;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.plugin.DockerPlugin;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * The daemon's sockets. They are bound beside the opening of the engine, which takes as long, and put in their places together when the
 * engine is there: no client finds a daemon that does not know its networks yet.
 */
final class Sockets implements AutoCloseable {
    private final CompletableFuture<Backend> backend;
    private final CompletableFuture<DockerPlugin> protocols;
    private final CompletableFuture<UnixHttpServer> control;
    private final CompletableFuture<UnixHttpServer> plugin;
    private final CompletableFuture<CniSocket> cni;

    private final List<SocketFile> files;
    private final Metrics metrics;
    private final Optional<ListenAddress> listen;
    private Optional<PatientTcpServer> listening = Optional.empty();

    private Sockets(
            SocketFile control,
            SocketFile plugin,
            SocketFile cni,
            Optional<ReaderGroup> readers,
            Optional<ListenAddress> listen) {
        this.listen = listen;
        files = List.of(control, plugin, cni);
        backend = new CompletableFuture<>();
        protocols = backend.thenApply(opened -> new DockerPlugin(
                List.of(
                        NetworkDriver.on(opened.engine(), CniPlugin::owns),
                        IpamDriver.on(opened.pools(), range -> isUsedByOthers(opened.engine(), range))),
                opened.engine()::runtimeStarted));
        metrics = new Metrics(backend::join, Version.text());
        this.control = CompletableFuture.supplyAsync(
                () -> ControlSocket.bind(control, backend::join, Version.text(), metrics, readers), Sockets::inThread);
        this.plugin = this.control.thenApply(bound -> PluginSocket.bind(plugin, protocols::join, metrics.operations()));
        this.cni = this.plugin.thenApply(
                bound -> CniSocket.bind(cni, () -> backend.join().cni(), metrics.operations()));
    }

    /** Whether a network of Docker's with this subnet has containers that Docker does not know. */
    private static boolean isUsedByOthers(Engine engine, IpPrefix range) {
        Set<NetworkId> networks = engine.networks().stream()
                .filter(network -> !CniPlugin.owns(network)
                        && network.spec().subnets().stream()
                                .anyMatch(subnet -> subnet.prefix().equals(range)))
                .map(Network::id)
                .collect(Collectors.toSet());
        return !networks.isEmpty()
                && engine.endpoints().stream()
                        .anyMatch(endpoint -> endpoint.state() == EndpointState.JOINED
                                && networks.contains(endpoint.spec().network())
                                && CniPlugin.owns(endpoint));
    }

    /**
     * Makes their folders, then begins to bind all, in the background.
     *
     * @param readers who beside root may ask on the control socket
     * @param listen where metrics are told over TCP as well
     * @throws SocketUnavailableException when a folder cannot be made
     */
    static Sockets bind(
            SocketFile control,
            SocketFile plugin,
            SocketFile cni,
            Optional<ReaderGroup> readers,
            Optional<ListenAddress> listen) {
        List<SocketFile> files = List.of(control, plugin, cni);
        try {
            files.forEach(SocketFile::prepare);
        } catch (SocketUnavailableException failed) {
            files.forEach(SocketFile::remove);
            throw failed;
        }
        return new Sockets(control, plugin, cni, readers, listen);
    }

    /**
     * Puts all in their places.
     *
     * @throws SocketUnavailableException when one could not be bound; the address for metrics is waited for instead
     */
    void publish(Backend opened) {
        try {
            backend.complete(opened);
            protocols.join();
            cni.join();
            listening = listen.map(address -> PatientTcpServer.start(address, new Observed(metrics)::onlyRoutes));
            plugin.join().publish();
            cni.join().publish();
            // Last: who asks how the daemon is finds all of it.
            control.join().publish();
            inThread(metrics::prepare);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    @Override
    public void close() {
        withdraw();
    }

    /** Removes all and ends what is running; again harmless. */
    void withdraw() {
        listening.ifPresent(PatientTcpServer::close);
        // Waits for a binding that is under way, so that it leaves no file behind.
        cni.handle((bound, failed) -> bound).thenAccept(Sockets::close).join();
        plugin.handle((bound, failed) -> bound).thenAccept(Sockets::close).join();
        control.handle((bound, failed) -> bound).thenAccept(Sockets::close).join();
        files.forEach(SocketFile::remove);
    }

    private static void close(AutoCloseable bound) {
        if (bound != null) {
            try {
                bound.close();
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        }
    }

    private static void inThread(Runnable work) {
        Thread thread = new Thread(work, "sockets");
        thread.setDaemon(true);
        thread.start();
    }
}
