package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Counts the Java runtimes that a machine has at a time, as long as it is open: a thread looks at all processes again and again. */
public final class JavaRuntimes implements AutoCloseable {
    private static final long PAUSE_NANOS = 2_000_000;

    private final Path namespace;
    private final Thread thread = new Thread(this::look, "java runtimes");
    private volatile boolean closed;
    private volatile int most;

    private JavaRuntimes(Path namespace) {
        this.namespace = namespace;
        thread.start();
    }

    /** Begins to look at a machine. */
    public static JavaRuntimes on(Machine machine) {
        return new JavaRuntimes(target(Path.of("/proc", Long.toString(machine.holder()), "ns", "pid")));
    }

    /** The largest number that was seen. */
    public int most() {
        return most;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        while (!closed) {
            try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                int now = 0;
                for (Path process : processes) {
                    boolean java = target(process.resolve("exe")).endsWith("java");
                    if (java && target(process.resolve("ns/pid")).equals(namespace)) {
                        now++;
                    }
                }
                most = Math.max(most, now);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What a link of /proc leads to; nothing for a process that has ended. */
    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException ended) {
            return Path.of("");
        }
    }
}
