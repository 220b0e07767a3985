package io.jnet.netlink.namespace;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.FileIdentity;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.NamespaceDescriptor;
import io.jnet.netlink.libc.ThreadNamespace;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;

/** A network namespace, held by an open descriptor: it lives at least until {@link #close()}. */
public final class NetworkNamespace implements AutoCloseable {
    private final Descriptor descriptor;
    /** That came with it. */
    private final Optional<NetlinkSocket> socket;

    private NetworkNamespace(Descriptor descriptor, Optional<NetlinkSocket> socket) {
        this.descriptor = descriptor;
        this.socket = socket;
    }

    /**
     * Opens a namespace by a path, such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}.
     *
     * @throws KernelException ENOENT when there is no such file. Whether it is a network namespace shows when it is entered: EINVAL
     */
    public static NetworkNamespace open(Path path) {
        return new NetworkNamespace(Descriptor.open(path), Optional.empty());
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
        return of(descriptor, Optional.empty());
    }

    /**
     * Takes over a descriptor from somebody who is not trusted to have opened a network namespace, and one of an rtnetlink socket in it, which saves
     * entering it to open one. A socket that is something else, or that of another namespace, is left aside.
     *
     * @return empty when the first is something else; both descriptors are closed then
     */
    public static Optional<NetworkNamespace> of(Descriptor descriptor, Optional<Descriptor> socket) {
        if (NamespaceDescriptor.isNetwork(descriptor)) {
            return Optional.of(new NetworkNamespace(descriptor, socket.flatMap(opened -> usable(opened, descriptor))));
        }
        descriptor.close();
        socket.ifPresent(Descriptor::close);
        return Optional.empty();
    }

    private static Optional<NetlinkSocket> usable(Descriptor socket, Descriptor namespace) {
        try {
            if (isIn(socket, namespace)) {
                return Optional.of(NetlinkSocket.of(socket, NetlinkProtocol.ROUTE));
            }
        } catch (KernelException useless) {
            // It is opened by jnet then, from inside.
        }
        socket.close();
        return Optional.empty();
    }

    private static boolean isIn(Descriptor socket, Descriptor namespace) {
        Optional<Descriptor> own = NamespaceDescriptor.ofSocket(socket);
        try {
            return own.filter(one -> one.identity().equals(namespace.identity()))
                    .isPresent();
        } finally {
            own.ifPresent(Descriptor::close);
        }
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
        FileIdentity file = descriptor.identity();
        return new NamespaceIdentity(file.device(), file.inode());
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

    /**
     * Runs code with an rtnetlink socket that speaks to the namespace: by the one that came with it in the calling thread, or else, also where who
     * opened that one has not the permission (EPERM), as {@link #getWithSocket} does; then it may have run up to the refusal.
     *
     * @return what the code answered; null when that is its answer
     * @throws KernelException when the namespace cannot be entered, or refuses the socket
     */
    public <T> T withSocket(Function<NetlinkSocket, T> code) {
        if (socket.isPresent()) {
            try {
                return code.apply(socket.get());
            } catch (KernelException refused) {
                if (!refused.errno().equals(Errno.EPERM)) {
                    throw refused;
                }
            }
        }
        return getWithSocket(code);
    }

    /**
     * Runs code inside the namespace as {@link #get} does, with an rtnetlink socket: for what needs files of {@code /proc} as well.
     *
     * @return what the code answered; null when that is its answer
     * @throws KernelException when the namespace cannot be entered, or refuses the socket
     */
    public <T> T getWithSocket(Function<NetlinkSocket, T> code) {
        return get(() -> {
            try (NetlinkSocket opened = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                return code.apply(opened);
            }
        });
    }

    @Override
    public void close() {
        socket.ifPresent(NetlinkSocket::close);
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
