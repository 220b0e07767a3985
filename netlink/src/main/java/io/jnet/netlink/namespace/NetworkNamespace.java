package io.jnet.netlink.namespace;

import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.ThreadNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** A network namespace, held by an open descriptor: it lives at least until {@link #close()}. */
public final class NetworkNamespace implements AutoCloseable {
    private final Descriptor descriptor;

    private NetworkNamespace(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a namespace by a path, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}.
     *
     * @throws KernelException ENOENT when there is no such file. Whether it is a network namespace shows when it is entered: EINVAL
     */
    public static NetworkNamespace open(Path path) {
        return new NetworkNamespace(Descriptor.open(path));
    }

    /**
     * Opens the namespace of a process.
     *
     * @throws KernelException ENOENT when there is no such process
     */
    public static NetworkNamespace ofProcess(long pid) {
        return open(Path.of("/proc", Long.toString(pid), "ns", "net"));
    }

    /** Opens the namespace of the calling thread. */
    public static NetworkNamespace current() {
        return open(Path.of("/proc/thread-self/ns/net"));
    }

    /**
     * Takes over a descriptor from somebody who is not trusted to have opened a network namespace.
     *
     * @return empty when it is something else; the descriptor is closed then
     */
    public static Optional<NetworkNamespace> of(Descriptor descriptor) {
        if (ThreadNamespace.isNetwork(descriptor)) {
            return Optional.of(new NetworkNamespace(descriptor));
        }
        descriptor.close();
        return Optional.empty();
    }

    /** Whether there is a network namespace at a path: a file that one is mounted on, or a link of {@code /proc}. */
    public static boolean isAt(Path path) {
        try {
            Optional<NetworkNamespace> namespace = of(Descriptor.open(path));
            namespace.ifPresent(NetworkNamespace::close);
            return namespace.isPresent();
        } catch (KernelException none) {
            return false;
        }
    }

    /** The open descriptor, for kernel interfaces that take one; closed with this namespace. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Device and inode. */
    public NamespaceIdentity identity() {
        // A descriptor is the whole process's, so that "self" is right from any thread here.
        Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor.number()));
        try {
            return new NamespaceIdentity(
                    ((Number) Files.getAttribute(opened, "unix:dev")).longValue(),
                    ((Number) Files.getAttribute(opened, "unix:ino")).longValue());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot identify " + descriptor, failure);
        }
    }

    /**
     * Runs code inside the namespace, on a thread of its own that ends afterwards, and waits for it. Thread-local state of the caller is
     * not there. When the calling thread is interrupted the code inside is too, and is still waited for.
     *
     * @return what the code answered
     * @throws KernelException when the namespace cannot be entered
     * @throws Exception what the code threw
     */
    public <T> T run(Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            ThreadNamespace.enterNetwork(descriptor);
            return code.call();
        });
        Thread thread = new Thread(task, "network namespace " + descriptor);
        thread.setDaemon(true);
        thread.start();
        joinUninterruptibly(thread);
        return result(task);
    }

    /**
     * As {@link #run}, for code that throws nothing checked.
     *
     * @return what the code answered; null when that is its answer
     * @throws KernelException when the namespace cannot be entered
     * @throws RuntimeException what the code threw
     */
    public <T> T get(Supplier<T> code) {
        try {
            return run(code::get);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return descriptor.toString();
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException cancelled) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T result(FutureTask<T> finished) throws Exception {
        boolean interrupted = Thread.interrupted();
        try {
            return finished.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw failure;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
