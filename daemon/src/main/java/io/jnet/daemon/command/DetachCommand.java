package io.jnet.daemon.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jnet detach}: the inverse of {@code jnet attach}. */
@Command(name = "detach", description = "Disconnect what \"jnet attach\" has connected.")
final class DetachCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private AttachTarget target;

    DetachCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        target.call("DEL", target.configuration(), context.environment());
        target.files(context.environment()).ifPresent(NamespaceFiles::remove);
        return 0;
    }
}
