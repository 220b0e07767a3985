package io.jnet.daemon;

import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.command.Commands;
import io.jnet.daemon.service.Backend;

/** The process: arguments in, exit status out. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(CommandContext.ofProcess(), arguments));
    }

    /** Runs a command line on this host, and returns its exit status. */
    public static int run(CommandContext context, String... arguments) {
        return Commands.run(context, Backend::ofHost, arguments);
    }
}
