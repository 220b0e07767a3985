package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.host.HostException;
import io.jnet.daemon.host.WholeFile;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jnet metrics}. */
@Command(
        name = "metrics",
        description = "Print the daemon's metrics in Prometheus' text format, or write them to a file.")
final class MetricsCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private DaemonSocket socket;

    @Option(
            names = "--textfile",
            paramLabel = "PATH",
            description =
                    "Write this file, as a whole or not at all: for the textfile collector of node_exporter, which"
                            + " reads files called *.prom.")
    private Optional<Path> file = Optional.empty();

    MetricsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        byte[] text = new ControlClient(socket.path()).metrics();
        if (file.isEmpty()) {
            context.out().print(new String(text, StandardCharsets.UTF_8));
            return 0;
        }
        try {
            // The collector is somebody else, and there is nothing secret in it.
            WholeFile.replace(file.get(), "rw-r--r--", out -> out.write(text));
        } catch (NoSuchFileException nowhere) {
            throw new HostException("cannot write " + file.get() + ": its folder is not there", nowhere);
        } catch (IOException failed) {
            throw new HostException("cannot write " + file.get() + ": " + Reasons.of(failed), failed);
        }
        return 0;
    }
}
