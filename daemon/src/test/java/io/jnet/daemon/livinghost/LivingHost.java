package io.jnet.daemon.livinghost;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniRequest;
import io.jnet.daemon.control.ControlSocket;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.service.Deployment;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The namespace of the calling thread as a host, with an uplink, a working engine and its control socket.
 *
 * <pre>
 * outside 198.51.100.1, 2001:db8::1 --- 198.51.100.10, 2001:db8::10 up0 host jbr-... --- containers
 * </pre>
 *
 * <p>The default routes of the host lead outside; the outside knows no container.
 */
public final class LivingHost implements AutoCloseable {
    public static final String ADDRESS = "198.51.100.10";
    public static final String OUTSIDE = "198.51.100.1";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FreshNamespace outside = FreshNamespace.create();
    private final List<FreshNamespace> containers = new ArrayList<>();
    private final Path socket;
    private Backend backend;
    private UnixHttpServer server;
    private boolean stopped = true;

    private LivingHost(Path folder) {
        socket = folder.resolve("c.sock");
        Commands.run("ip", "link", "add", "up0", "type", "veth", "peer", "name", "eth0", "netns", path(outside));
        Commands.run("ip", "address", "add", ADDRESS + "/24", "dev", "up0");
        Commands.run("ip", "address", "add", "2001:db8::10/64", "dev", "up0", "nodad");
        Commands.run("ip", "link", "set", "up0", "up");
        outside.call(() -> {
            Commands.run("ip", "address", "add", OUTSIDE + "/24", "dev", "eth0");
            Commands.run("ip", "address", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
            return Commands.run("ip", "link", "set", "eth0", "up");
        });
        Commands.run("ip", "route", "add", "default", "via", OUTSIDE);
        Commands.run("ip", "route", "add", "default", "via", "2001:db8::1");
        Commands.run(
                "sysctl", "-q", "-w", "net.bridge.bridge-nf-call-iptables=0", "net.bridge.bridge-nf-call-ip6tables=0");
        startDaemon(folder.resolve("state"));
    }

    /** Has the daemon work again, or with another state. */
    public void startDaemon(Path state) {
        backend = Backend.ofHost(state, PoolSettings.DEFAULT, Deployment.PROCESS);
        SocketFile file = SocketFile.at(socket);
        file.prepare();
        server = ControlSocket.bind(
                file,
                () -> backend,
                "1.2.3",
                new Metrics(() -> backend, "1.2.3"),
                new ServerLimits(2, LONG, LONG, 0, PeerPolicy.root()));
        server.publish();
        stopped = false;
    }

    /** Makes the calling thread's namespace one. */
    public static LivingHost start(Path folder) {
        return new LivingHost(folder);
    }

    /** Where the commands ask. */
    public Path socket() {
        return socket;
    }

    public FreshNamespace outside() {
        return outside;
    }

    /** What answers on the socket. */
    public Backend backend() {
        return backend;
    }

    /** Connects a new container to a network, which the first one makes. */
    public FreshNamespace attach(String network, String keys, String id, String portMappings) {
        FreshNamespace container = FreshNamespace.create();
        containers.add(container);
        attach(network, keys, id, container, "eth0", portMappings);
        return container;
    }

    /** Connects a container to one more network. */
    public void attachAlso(FreshNamespace container, String network, String keys, String id) {
        attach(network, keys, id, container, "eth1", "");
    }

    private void attach(
            String network,
            String keys,
            String id,
            FreshNamespace container,
            String interfaceName,
            String portMappings) {
        Map<String, String> environment = Map.of(
                "CNI_COMMAND", "ADD", "CNI_CONTAINERID", id, "CNI_NETNS", path(container), "CNI_IFNAME", interfaceName);
        String configuration =
                """
                {"cniVersion": "1.0.0", "name": "%s", "type": "jnet", %s, "capabilities": {"portMappings": true},
                 "runtimeConfig": {"portMappings": [%s]}}
                """
                        .formatted(network, keys, portMappings);
        CniAnswer answer;
        try (NetworkNamespace namespace = container.call(NetworkNamespace::current)) {
            answer = backend.cni()
                    .answer(new CniRequest(
                            environment, configuration.getBytes(StandardCharsets.UTF_8), Optional.of(namespace)));
        }
        assertThat(answer.status())
                .as(new String(answer.output(), StandardCharsets.UTF_8))
                .isZero();
    }

    /** The path by which any process may open a namespace. */
    public static String path(FreshNamespace namespace) {
        return namespace.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
    }

    /** Ends the daemon; what it has made stays. */
    public void stopDaemon() {
        if (!stopped) {
            stopped = true;
            server.close();
            backend.close();
        }
    }

    /** Ends everything, and leaves no link. */
    @Override
    public void close() {
        stopDaemon();
        containers.forEach(FreshNamespace::close);
        outside.close();
        String links = Commands.run("ip", "-o", "link", "show");
        links.lines()
                .map(line -> line.split("[:@ ]+", 3)[1])
                .filter(name -> !name.equals("lo"))
                .forEach(name -> Commands.run("sh", "-c", "ip link delete " + name + " 2>/dev/null || true"));
    }
}
