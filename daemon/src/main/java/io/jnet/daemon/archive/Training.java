package io.jnet.daemon.archive;

import io.jnet.daemon.Main;
import io.jnet.daemon.command.CommandContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the daemon, lets a network and a container come and go, asks every question of the command line, and ends. Java writes the archive as
 * the process exits.
 *
 * <p>Argument: {@code kernel} when the process is in a network namespace of its own, where the daemon may be run. Without it only what needs no
 * kernel is run, and the archive is smaller.
 */
public final class Training {
    private static final int SUCCESS = 0;

    private Training() {}

    /** Never returns while the daemon runs; see {@link Exercise}. */
    public static void main(String[] arguments) throws IOException {
        CommandContext context = quiet();
        Path folder = Files.createTempDirectory("jnet-training");
        Exercise exercise = new Exercise(folder, context);
        if (!List.of(arguments).contains("kernel")) {
            exercise.withoutDaemon();
            exercise.removeFiles();
            System.exit(SUCCESS);
        }
        Thread questions = new Thread(exercise::againstDaemon, "questions");
        questions.setDaemon(true);
        questions.start();
        int status = Main.run(context, exercise.daemonArguments());
        // The daemon has ended before it was asked to: this kernel or this Java cannot run it.
        exercise.removeFiles();
        System.exit(status);
    }

    /** Errors of commands are printed; what is logged is made ready as always, and printed nowhere. */
    private static CommandContext quiet() {
        PrintWriter sink = new PrintWriter(PrintWriter.nullWriter());
        PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> failure.printStackTrace(errors));
        return new CommandContext(sink, errors, Map.of(), () -> {});
    }
}
