package io.jnet.daemon;

import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.command.Commands;
import io.jnet.daemon.service.Backend;

/** The process: arguments in, exit status out. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Commands.run(CommandContext.ofProcess(), Backend::ofHost, arguments));
    }
}
