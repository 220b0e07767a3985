package io.jnet.daemon.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniRequest;
import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.CniClient;
import io.jnet.daemon.cni.CniSocket;
import io.jnet.daemon.cni.NetworkName;
import io.jnet.daemon.host.Capabilities;
import io.jnet.daemon.install.KeptNetworks;
import io.jnet.daemon.metrics.OperationListener;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.service.Deployment;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.daemon.terminal.Terminal;
import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code jnet cni}: one call of the CNI plugin without a daemon, as {@code jnet-cni} runs it. What it publishes the kernel translates, but no
 * process holds the ports then.
 */
@Command(
        name = "cni",
        description = "Install the CNI plugin; or, without a command and as jnet-cni runs it, answer one call of it.",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {CniCommand.Install.class, CniCommand.Uninstall.class})
final class CniCommand implements Callable<Integer> {
    private static final String STATE_DIRECTORY = "JNET_STATE_DIR";
    /** Where {@code jnet-cni} asks while it waits for its turn ({@code alone.c}). */
    static final Path TURN_SOCKET = Path.of("/run/jnet/cni-turn.sock");

    /** Those that wait look for the socket every ten milliseconds. */
    private static final Duration QUIET = Duration.ofMillis(50);
    /** The own caller has its answer only then. */
    private static final Duration PATIENCE_WITH_OTHERS = Duration.ofSeconds(5);

    private static final int DAEMON_ATTEMPTS = 100;
    private static final Duration DAEMON_PAUSE = Duration.ofMillis(100);

    private final Backend.Opener opener;
    private final CommandContext context;

    CniCommand(Backend.Opener opener, CommandContext context) {
        this.opener = opener;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (!context.environment().containsKey("CNI_COMMAND") && Terminal.isStandardInput()) {
            throw new WrongUsageException("missing command: install or uninstall; only runtimes call the plugin itself,"
                    + " with CNI_COMMAND and a configuration on standard input");
        }
        Capabilities.require("this command", Deployment.PROCESS.capabilities());
        byte[] configuration = System.in.readAllBytes();
        Optional<NetworkNamespace> container = container();
        CniAnswer answer;
        try {
            answer = answer(new CniRequest(context.environment(), configuration, container));
        } finally {
            container.ifPresent(NetworkNamespace::close);
        }
        context.out().print(new String(answer.output(), UTF_8));
        return answer.status();
    }

    private CniAnswer answer(CniRequest request) {
        try (Backend backend = opener.open(stateDirectory(), PoolSettings.DEFAULT, Deployment.ONE_CALL)) {
            return hasCommonState()
                    ? answerAlsoOthers(backend, request)
                    : backend.cni().answer(request);
        } catch (EngineException unavailable) {
            return unavailable.code() == ErrorCode.CONFLICT
                    ? fromDaemon(request, unavailable)
                    : CniAnswer.tryAgain(unavailable.getMessage());
        }
    }

    /** Answers those that wait for their turn meanwhile, so that a hundred of them need not be a hundred Java runtimes in a row. */
    private static CniAnswer answerAlsoOthers(Backend backend, CniRequest request) {
        SocketFile file;
        try {
            file = SocketFile.at(TURN_SOCKET);
            file.prepare();
        } catch (SocketUnavailableException taken) {
            return backend.cni().answer(request);
        }
        try (CniSocket others = CniSocket.bind(file, backend::cni, OperationListener.NONE)) {
            others.publish();
            CniAnswer answer = backend.cni().answer(request);
            others.awaitQuiet(QUIET, PATIENCE_WITH_OTHERS);
            return answer;
        } finally {
            file.remove();
        }
    }

    /** A daemon has come since jnet-cni asked in vain: it has the state, and answers as soon as it has restored its networks. */
    private CniAnswer fromDaemon(CniRequest request, EngineException unavailable) {
        CniClient daemon =
                new CniClient(Path.of(context.environment().getOrDefault("JNET_CNI_SOCKET", CniClient.DEFAULT_SOCKET)));
        for (int attempt = 0; attempt < DAEMON_ATTEMPTS; attempt++) {
            try {
                return daemon.ask(request);
            } catch (ClientException notYet) {
                LockSupport.parkNanos(DAEMON_PAUSE.toNanos());
            }
        }
        return CniAnswer.tryAgain(unavailable.getMessage());
    }

    /**
     * Each network namespace has a state of its own. That of the machine itself, as its first process has it, is the daemon's; nobody else's
     * containers may meet that.
     */
    private Path stateDirectory() {
        if (!hasCommonState()) {
            return Path.of(context.environment().get(STATE_DIRECTORY)).toAbsolutePath();
        }
        try (NetworkNamespace own = NetworkNamespace.current();
                NetworkNamespace first = NetworkNamespace.ofProcess(1)) {
            return own.identity().equals(first.identity())
                    ? Path.of(KeptNetworks.STATE)
                    : Path.of(KeptNetworks.STATE + "-" + own.identity().inode());
        }
    }

    /** Whether the state is the one of everybody in this network namespace who says nothing of it. */
    private boolean hasCommonState() {
        return context.environment().getOrDefault(STATE_DIRECTORY, "").isEmpty();
    }

    /** {@code jnet cni install}. */
    @Command(
            name = "install",
            description = "Put the CNI plugin, and a configuration for it, where container runtimes look for them.")
    static final class Install implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        private CniFolders folders;

        @Option(names = "--network", paramLabel = "NAME", description = "The network's name (default: jnet).")
        private Optional<String> network = Optional.empty();

        @Option(
                names = "--subnet",
                paramLabel = "CIDR",
                description = "Its range (default: one that is free when the first container starts).")
        private Optional<String> subnet = Optional.empty();

        Install(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            network.ifPresent(NetworkName::check);
            subnet.ifPresent(Install::checkRange);
            folders.installation().install(network, subnet).forEach(context.out()::println);
            return 0;
        }

        private static void checkRange(String range) {
            try {
                Pool.check(IpPrefix.parse(range));
            } catch (IllegalArgumentException | EngineException invalid) {
                throw new WrongUsageException("invalid --subnet: " + invalid.getMessage(), invalid);
            }
        }
    }

    /** {@code jnet cni uninstall}. */
    @Command(name = "uninstall", description = "Remove what \"jnet cni install\" has put there.")
    static final class Uninstall implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        private CniFolders folders;

        Uninstall(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            folders.installed().uninstall().forEach(context.out()::println);
            return 0;
        }
    }

    private Optional<NetworkNamespace> container() {
        String path = context.environment().getOrDefault("CNI_NETNS", "");
        try {
            return path.isEmpty() ? Optional.empty() : NetworkNamespace.of(Descriptor.open(Path.of(path)));
        } catch (KernelException | InvalidPathException gone) {
            return Optional.empty();
        }
    }
}
