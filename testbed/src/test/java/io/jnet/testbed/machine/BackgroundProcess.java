package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process that runs in a machine while the test goes on. What it writes goes to a file. */
public final class BackgroundProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Process entrance;
    private final ProcessHandle process;
    private final Path log;

    BackgroundProcess(String name, Process entrance, ProcessHandle process, Path log) {
        this.name = name;
        this.entrance = entrance;
        this.process = process;
        this.log = log;
    }

    /** The process id as the tests' machine sees it; {@code /proc} inside the machine has another one. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return entrance.isAlive();
    }

    /** Everything that it has written to standard output and standard error. */
    public String log() {
        return read(log);
    }

    static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGQUIT, on which some programs tell what they have done so far. */
    public void quit() {
        Signals.send("QUIT", pid());
    }

    /** Sends SIGSTOP: the process is there and does nothing. */
    public void pause() {
        Signals.send("STOP", pid());
    }

    /** Sends SIGCONT. nsenter(1) stops itself when its child is stopped, and would never see the end of it. */
    public void resume() {
        Signals.send("CONT", entrance.pid());
        Signals.send("CONT", pid());
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        waitForEnd(PATIENCE);
    }

    /**
     * Waits for the end.
     *
     * @return the exit status
     * @throws IllegalStateException when it goes on
     */
    public int waitForEnd(Duration patience) {
        try {
            if (!entrance.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " goes on after " + patience + "\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of " + name, e);
        }
        return entrance.exitValue();
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }
}
