package io.jnet.daemon.command;

import io.jnet.daemon.client.CniClient;
import io.jnet.daemon.host.Capabilities;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.host.ProcessAge;
import io.jnet.daemon.install.KeptNetworks;
import io.jnet.daemon.log.LogFormat;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.service.Deployment;
import io.jnet.daemon.service.HostConfiguration;
import io.jnet.daemon.socket.ListenAddress;
import io.jnet.daemon.socket.ReaderGroup;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.daemon.systemd.KeptSockets;
import io.jnet.daemon.systemd.PassedSockets;
import io.jnet.daemon.systemd.ServiceManager;
import io.jnet.engine.failure.EngineException;
import io.jnet.ipam.pool.PoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code jnet daemon}: looks at the host, opens the engine, which restores all networks, and only then answers on its sockets; dockerd never
 * announces a network again, so the first call after a boot may already need one.
 */
@Command(
        name = "daemon",
        description = "Run the daemon in the foreground. SIGTERM stops it; containers stay connected.")
final class DaemonCommand implements Callable<Integer> {
    /** Where Docker looks for a driver that is called {@code jnet}. */
    static final String PLUGIN_SOCKET = "/run/docker/plugins/jnet.sock";

    /**
     * dockerd starts a plugin once more that ends while it is being started, and when it gives up on it in that moment 20.10 never starts it
     * again ("id already in use"). So one that has failed stays until dockerd ends it, which it does after nine seconds.
     */
    private static final Duration DOCKERS_PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);

    private final Backend.Opener opener;
    private final Map<String, String> environment;
    private final ServiceManager manager;

    @Option(
            names = "--plugin-socket",
            paramLabel = "PATH",
            defaultValue = PLUGIN_SOCKET,
            description = "Where dockerd calls (default: ${DEFAULT-VALUE}).")
    private Path pluginSocket;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = DaemonSocket.DEFAULT,
            description = "Where the other jnet commands ask (default: ${DEFAULT-VALUE}).")
    private Path controlSocket;

    @Option(
            names = "--socket-group",
            paramLabel = "GROUP",
            description = "Whose members may ask on --socket, and change nothing (default: only root).")
    private Optional<String> socketGroup = Optional.empty();

    @Option(
            names = "--cni-socket",
            paramLabel = "PATH",
            defaultValue = CniClient.DEFAULT_SOCKET,
            description = "Where jnet-cni calls (default: ${DEFAULT-VALUE}).")
    private Path cniSocket;

    @Option(
            names = "--state-dir",
            paramLabel = "PATH",
            defaultValue = KeptNetworks.STATE,
            description = "Where networks are kept (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory;

    @Option(
            names = "--metrics-listen",
            paramLabel = "ADDRESS:PORT",
            converter = ListenOption.class,
            description = "Where metrics and health are told over TCP too, to anybody who gets there, such as"
                    + " 127.0.0.1:9478 (default: metrics.listen of /etc/jnet/jnet.conf, else nowhere).")
    private Optional<ListenAddress> metricsListen = Optional.empty();

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "Lines of the log: text, or json for one JSON object each (default: ${DEFAULT-VALUE}).")
    private LogFormat logFormat;

    @Option(
            names = "--managed-plugin",
            description =
                    "This is Docker's managed plugin: the host's settings are below /host/proc/sys, and no namespace is entered.")
    private boolean managedPlugin;

    /** Docker hands on an empty one when a managed plugin's options are set to nothing. */
    @Parameters(hidden = true)
    private List<String> arguments = List.of();

    @Spec
    private CommandSpec command;

    @Mixin
    private PoolOptions pools;

    DaemonCommand(Backend.Opener opener, CommandContext context) {
        this.opener = opener;
        environment = context.environment();
        manager = ServiceManager.of(environment);
    }

    @Override
    public Integer call() throws InterruptedException {
        arguments.stream().filter(argument -> !argument.isEmpty()).findFirst().ifPresent(argument -> {
            throw new ParameterException(command.commandLine(), "Unmatched argument: '" + argument + "'");
        });
        LogFormat.use(logFormat);
        StopSignal stop = StopSignal.install();
        try {
            run(stop);
            return 0;
        } catch (EngineException | HostException | SocketUnavailableException failed) {
            manager.failed(failed.getMessage());
            if (!managedPlugin) {
                throw failed;
            }
            LOG.error("{}", failed.getMessage());
            boolean ended = stop.await(DOCKERS_PATIENCE);
            LOG.debug("ended by Docker: {}", ended);
            return 1;
        } finally {
            stop.released();
        }
    }

    private void run(StopSignal stop) throws InterruptedException {
        // What is wrong with the command line or the process is said before anything is made on the host.
        PoolSettings addresses = pools.settings();
        Capabilities.require("the daemon", deployment().capabilities());
        Optional<ListenAddress> listen =
                metricsListen.or(() -> HostConfiguration.ofHost().metrics());
        Optional<ReaderGroup> readers = socketGroup.map(ReaderGroup::named);
        PassedSockets passed =
                PassedSockets.of(environment, ProcessHandle.current().pid());
        SocketFile plugin = place(passed, pluginSocket);
        SocketFile control = place(passed, controlSocket);
        SocketFile cni = place(passed, cniSocket);
        passed.refuseOthers(List.of(plugin.path(), control.path(), cni.path()));
        try (Sockets sockets = Sockets.bind(control, plugin, cni, readers, listen)) {
            serve(sockets, passed.kept(manager), addresses, stop);
        }
    }

    private static SocketFile place(PassedSockets passed, Path path) {
        return passed.take(path).map(SocketFile::of).orElseGet(() -> SocketFile.at(path));
    }

    private void serve(Sockets sockets, KeptSockets kept, PoolSettings addresses, StopSignal stop)
            throws InterruptedException {
        try (Backend backend = open(addresses, kept)) {
            kept.forgetRest();
            // One that works alone, as long as nobody has the state, was killed.
            SocketFile.removeStale(CniCommand.TURN_SOCKET);
            try {
                sockets.publish(backend);
                LOG.atInfo()
                        .addKeyValue("plugin", pluginSocket)
                        .addKeyValue("socket", controlSocket)
                        .addKeyValue("cni", cniSocket)
                        .addKeyValue("milliseconds", ProcessAge.now().toMillis())
                        .log("answering");
                manager.ready();
                stop.await();
                manager.stopping();
                LOG.atInfo().log("stopping, containers stay connected");
            } finally {
                // Before the engine: whoever is being answered still needs it.
                sockets.withdraw();
            }
        }
    }

    private Deployment deployment() {
        return managedPlugin ? Deployment.MANAGED_PLUGIN : Deployment.PROCESS;
    }

    private Backend open(PoolSettings addresses, KeptSockets kept) {
        try {
            return opener.open(
                    stateDirectory.toAbsolutePath(), addresses, deployment().keeping(kept));
        } catch (LinkageError missing) {
            throw new HostException("cannot load a native library: " + missing.getMessage(), missing);
        }
    }
}
