package io.jnet.netlink.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.libc.ThreadNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A network namespace without a name, kept by one thread; it ends with {@link #close()}. */
public final class FreshNamespace implements AutoCloseable {
    private final ExecutorService thread;

    private FreshNamespace(ExecutorService thread) {
        this.thread = thread;
    }

    /** Makes a namespace and brings {@code lo} up in it. */
    public static FreshNamespace create() {
        FreshNamespace namespace = new FreshNamespace(
                Executors.newSingleThreadExecutor(task -> new Thread(task, "fresh network namespace")));
        namespace.call(() -> {
            ThreadNamespace.unshareNetwork();
            Commands.run("ip", "link", "set", "lo", "up");
            return true;
        });
        return namespace;
    }

    /** Runs code inside; what it throws is thrown here. */
    public <T> T call(Callable<T> code) {
        try {
            return CompletableFuture.supplyAsync(() -> unchecked(code), thread).get();
        } catch (ExecutionException failure) {
            throw rethrow(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The names of all links inside but {@code lo}. */
    public List<String> links() {
        return call(() -> {
            // /proc/thread-self/net, not /sys/class/net: sysfs shows the namespace that it was mounted in.
            try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/net/dev"))) {
                return lines.skip(2)
                        .map(line -> line.substring(0, line.indexOf(':')).strip())
                        .filter(name -> !name.equals("lo"))
                        .toList();
            }
        });
    }

    /** Fails when a link other than {@code lo} is left. */
    public void assertNothingRemains() {
        assertThat(links()).as("links left behind").isEmpty();
    }

    /** Ends the thread, and with it the namespace unless a descriptor or process still holds it. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            assertThat(thread.awaitTermination(30, TimeUnit.SECONDS))
                    .as("thread of the namespace has ended")
                    .isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T unchecked(Callable<T> code) {
        try {
            return code.call();
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Throws any throwable as it is: test code may throw checked exceptions, and assertion errors must stay what they are. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    static List<String> openDescriptors() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .flatMap(FreshNamespace::target)
                    .filter(name -> name.startsWith("socket:") || name.startsWith("net:") || name.contains("[eventfd]"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<String> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException closedMeanwhile) {
            return Stream.empty();
        }
    }
}
