package io.jnet.daemon.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniRequest;
import io.jnet.daemon.host.Capabilities;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.service.Backend;
import io.jnet.engine.EngineException;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
    private static final String DEFAULT_STATE = "/var/lib/jnet";
    private static final Pattern NETWORK_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final Backend.Opener opener;
    private final CommandContext context;

    CniCommand(Backend.Opener opener, CommandContext context) {
        this.opener = opener;
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Capabilities.require();
        byte[] configuration = System.in.readAllBytes();
        Path state = Path.of(context.environment().getOrDefault("JNET_STATE_DIR", DEFAULT_STATE));
        Optional<NetworkNamespace> container = container();
        CniAnswer answer;
        try (Backend backend = opener.open(state.toAbsolutePath(), PoolSettings.DEFAULT)) {
            answer = backend.cni().answer(new CniRequest(context.environment(), configuration, container));
        } catch (EngineException unavailable) {
            answer = CniAnswer.tryAgain(unavailable.getMessage());
        } finally {
            container.ifPresent(NetworkNamespace::close);
        }
        context.out().print(new String(answer.output(), UTF_8));
        return answer.status();
    }

    /** {@code jnet cni install}. */
    @Command(
            name = "install",
            description = "Put the CNI plugin, and a configuration for it, where container runtimes look for them.")
    static final class Install implements Callable<Integer> {
        private final CommandContext context;

        @Mixin
        private CniFolders folders;

        @Option(
                names = "--network",
                paramLabel = "NAME",
                defaultValue = "jnet",
                description = "The network's name (default: ${DEFAULT-VALUE}).")
        private String network;

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
            checkName(network);
            subnet.ifPresent(Install::checkRange);
            folders.installation().install(network, subnet).forEach(context.out()::println);
            return 0;
        }

        private static void checkName(String name) {
            if (!NETWORK_NAME.matcher(name).matches()) {
                throw new HostException(
                        "invalid network name: want a letter or digit and up to 127 letters, digits, \"_\", \".\" or \"-\"");
            }
        }

        private static void checkRange(String range) {
            try {
                Pool.check(IpPrefix.parse(range));
            } catch (IllegalArgumentException invalid) {
                throw new HostException("invalid --subnet: " + invalid.getMessage(), invalid);
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
            folders.installation().uninstall().forEach(context.out()::println);
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
