package io.jnet.daemon.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which daemon a command asks. */
final class DaemonSocket {
    /** Where the daemon's control socket is. */
    static final String DEFAULT = "/run/jnet/jnet.sock";

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = DEFAULT,
            description = "The daemon's socket (default: ${DEFAULT-VALUE}).")
    private Path path;

    Path path() {
        return path;
    }
}
