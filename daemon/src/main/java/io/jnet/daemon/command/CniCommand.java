package io.jnet.daemon.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniRequest;
import io.jnet.daemon.host.Capabilities;
import io.jnet.daemon.service.Backend;
import io.jnet.engine.EngineException;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code jnet cni}: one call of the CNI plugin without a daemon, as {@code jnet-cni} runs it. What it publishes the kernel translates, but no
 * process holds the ports then.
 */
@Command(name = "cni", hidden = true, description = "Answer one call of the CNI plugin, from environment and stdin.")
final class CniCommand implements Callable<Integer> {
    private static final String DEFAULT_STATE = "/var/lib/jnet";

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

    private Optional<NetworkNamespace> container() {
        String path = context.environment().getOrDefault("CNI_NETNS", "");
        try {
            return path.isEmpty() ? Optional.empty() : NetworkNamespace.of(Descriptor.open(Path.of(path)));
        } catch (KernelException | InvalidPathException gone) {
            return Optional.empty();
        }
    }
}
