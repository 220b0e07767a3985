package io.jnet.daemon;

import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.command.Commands;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.engine.StoredEngine;

/** The process: arguments in, exit status out. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("daemon")) {
            // Reading the command line takes a fifth of the daemon's start, on one processor.
            Thread loading = new Thread(UnixHttpServer::load, "loading");
            loading.setDaemon(true);
            loading.start();
        }
        System.exit(Commands.run(CommandContext.ofProcess(), StoredEngine::open, arguments));
    }
}
