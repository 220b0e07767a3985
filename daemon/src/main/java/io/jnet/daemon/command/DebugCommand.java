package io.jnet.daemon.command;

import io.jnet.daemon.bundle.BundleContent;
import io.jnet.daemon.bundle.BundleFile;
import io.jnet.daemon.bundle.BundleFile.Existing;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jnet debug}. */
@Command(
        name = "debug",
        description = "For whoever looks for a fault.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = DebugCommand.Bundle.class)
final class DebugCommand extends CommandGroup {
    /** {@code jnet debug bundle}. */
    @Command(
            name = "bundle",
            description =
                    "Write what jnet and this host look like into one archive that only its owner may read: rules, links, addresses, and what the daemon says. No environment, no labels; addresses and names stay.")
    static final class Bundle implements Callable<Integer> {
        private final CommandContext context;

        @Option(
                names = "--output",
                paramLabel = "FILE",
                description = "Where to (default: jnet-debug-TIME.tar.gz in this folder). Not where a file is already.")
        private Optional<Path> output = Optional.empty();

        @Option(names = "--force", description = "Replace a file that is there.")
        private boolean force;

        @Option(
                names = "--log",
                paramLabel = "FILE",
                description = "Also the last 1000 lines of this file, which the daemon's log was written to.")
        private Optional<Path> log = Optional.empty();

        @Mixin
        private DaemonSocket socket;

        Bundle(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            Path file = output.orElseGet(() -> Path.of("jnet-debug-"
                    + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now(ZoneId.systemDefault()))
                    + ".tar.gz"));
            log.ifPresent(BundleContent::requireLog);
            Map<String, byte[]> content = BundleContent.collect(socket.path(), Version.text(), log);
            BundleFile.write(file, content, force ? Existing.REPLACED : Existing.KEPT);
            context.out().println(file.toAbsolutePath());
            return 0;
        }
    }
}
