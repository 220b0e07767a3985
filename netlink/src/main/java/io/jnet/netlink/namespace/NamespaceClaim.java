package io.jnet.netlink.namespace;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixConnection.Credentials;
import io.jnet.netlink.libc.UnixListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A name that at most one process has in a network namespace, until it closes this or ends. It is an abstract name of a Unix-domain socket
 * (unix(7)): those are apart in each network namespace, whatever file systems its processes see. Anybody may take one.
 */
public final class NamespaceClaim implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final UnixListener listener;
    private final Thread thread;

    private NamespaceClaim(UnixListener listener, String name) {
        this.listener = listener;
        this.thread = new Thread(this::letGo, "claim-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes a name in the calling thread's namespace.
     *
     * @return empty when it is taken
     */
    public static Optional<NamespaceClaim> take(String name) {
        try {
            return Optional.of(new NamespaceClaim(UnixListener.bindAbstract(name, BACKLOG), name));
        } catch (KernelException refusal) {
            if (refusal.errno().equals(Errno.EADDRINUSE)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** Who has a name in the calling thread's namespace; empty when nobody has, or does not say so yet. */
    public static Optional<Credentials> holder(String name) {
        try (UnixConnection holder = UnixConnection.connectAbstract(name)) {
            return Optional.of(holder.peer());
        } catch (KernelException refusal) {
            if (refusal.errno().equals(Errno.ECONNREFUSED)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** Gives the name back. */
    @Override
    public void close() {
        listener.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }

    /** Whoever connects knows all there is to know by then; one that waited for ever would keep the next from connecting. */
    private void letGo() {
        while (true) {
            try {
                Optional<UnixConnection> asked = listener.accept();
                if (asked.isEmpty()) {
                    return;
                }
                asked.get().close();
            } catch (KernelException noDescriptorLeft) {
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }
}
