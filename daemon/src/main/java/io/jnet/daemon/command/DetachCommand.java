package io.jnet.daemon.command;

import io.jnet.daemon.attach.AttachTarget;
import io.jnet.daemon.attach.NamespaceFiles;
import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.host.HostException;
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
        // An attachment goes with its namespace; the files of that name are there until now.
        boolean attached;
        try {
            attached = target.detach(context.environment());
        } catch (HostException gone) {
            target.files().ifPresent(NamespaceFiles::remove);
            throw gone;
        }
        target.files().ifPresent(NamespaceFiles::remove);
        if (!attached) {
            throw ClientException.notFound(target.notAttached());
        }
        return 0;
    }
}
