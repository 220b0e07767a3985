package io.jnet.daemon.command;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.install.KeptNetworks;
import io.jnet.engine.store.StateExport;
import io.jnet.engine.store.StateFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jnet state}. */
@Command(
        name = "state",
        description = "What jnet keeps of networks, containers, ports and addresses.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = StateCommand.Export.class)
final class StateCommand extends CommandGroup {
    /** {@code jnet state export}: the daemon says what it has, and where none answers the file is read. */
    @Command(
            name = "export",
            description = "Print the whole state as one JSON document. Asks the daemon; where none answers, reads "
                    + KeptNetworks.STATE + ". Changes nothing.")
    static final class Export implements Callable<Integer> {
        private final CommandContext context;

        @ArgGroup
        private Source source = new Source();

        Export(CommandContext context) {
            this.context = context;
        }

        /** One of the two. */
        static final class Source {
            @Option(
                    names = "--socket",
                    paramLabel = "PATH",
                    description = "The daemon's socket (default: " + DaemonSocket.DEFAULT + ").")
            private Optional<Path> socket = Optional.empty();

            @Option(
                    names = "--state-dir",
                    paramLabel = "PATH",
                    description = "Read the state in this folder, that no daemon has open.")
            private Optional<Path> folder = Optional.empty();
        }

        @Override
        public Integer call() {
            if (source.folder.isPresent()) {
                read(source.folder.get());
            } else {
                ControlClient daemon = new ControlClient(source.socket.orElse(Path.of(DaemonSocket.DEFAULT)));
                if (source.socket.isPresent() || daemon.isThere()) {
                    daemon.copy(new TextOutput(context.out()), "state");
                } else {
                    read(Path.of(KeptNetworks.STATE));
                }
            }
            return 0;
        }

        private void read(Path folder) {
            StateFolder.export(folder.toAbsolutePath().normalize(), this::print);
        }

        private void print(StateExport export) {
            try {
                export.writeTo(new TextOutput(context.out()));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }

    /** A writer as a stream of bytes that are ASCII. It keeps failures to itself, as a {@link PrintWriter} does. */
    private static final class TextOutput extends OutputStream {
        private final PrintWriter out;

        TextOutput(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void write(int one) {
            out.write(one);
        }
    }
}
