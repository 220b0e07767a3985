package io.jnet.netlink.namespace;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixConnection.Credentials;
import io.jnet.netlink.libc.UnixListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A name that at most one process has in a network namespace, until it closes this or ends. It is an abstract name of a Unix-domain socket
 * (unix(7)): those are apart in each network namespace, whatever file systems its processes see. Anybody may take one.
 *
 * <p>Who connects is told what the holder says of itself, and no more.
 */
public final class NamespaceClaim implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** For all that a holder is asked, however slowly it answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int ROOT = 0;
    /** More than this nobody has to say of itself. */
    private static final int LONGEST_STATEMENT = 1000;

    private final UnixListener listener;
    private final byte[] statement;
    private final Thread thread;

    /**
     * Who has a name.
     *
     * @param credentials as the kernel knows them
     * @param statement what it says of itself: printable ASCII and line feeds; empty when it says nothing, or is not root's
     */
    public record Holder(Credentials credentials, String statement) {}

    private NamespaceClaim(UnixListener listener, String name, byte[] statement) {
        this.listener = listener;
        this.statement = statement;
        this.thread = new Thread(this::letGo, "claim-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes a name in the calling thread's namespace.
     *
     * @param statement what {@link #holder} tells of this holder: at most 1000 characters, of printable ASCII and line feeds
     * @return empty when it is taken
     */
    public static Optional<NamespaceClaim> take(String name, String statement) {
        byte[] said = printable(statement).getBytes(StandardCharsets.US_ASCII);
        try {
            return Optional.of(new NamespaceClaim(UnixListener.bindAbstract(name, BACKLOG), name, said));
        } catch (KernelException refusal) {
            if (refusal.errno().equals(Errno.EADDRINUSE)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /**
     * Who has a name in the calling thread's namespace, within about a second; empty when nobody has, or does not say so by then. Only root's
     * processes are listened to: anybody else may take a name, and is not to hold up who asks.
     */
    public static Optional<Holder> holder(String name) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (UnixConnection holder = UnixConnection.connectAbstract(name, PATIENCE)) {
            Credentials credentials = holder.peer();
            return Optional.of(
                    new Holder(credentials, credentials.userId() == ROOT ? statementOf(holder, deadline) : ""));
        } catch (KernelException refusal) {
            if (refusal.errno().equals(Errno.ECONNREFUSED) || refusal.errno().equals(Errno.EAGAIN)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** What it has said until then. */
    private static String statementOf(UnixConnection holder, long deadline) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            byte[] part;
            do {
                part = partOf(holder, deadline);
                said.writeBytes(part);
            } while (part.length > 0 && said.size() < LONGEST_STATEMENT);
        } catch (KernelException silent) {
            // What it has said so far is all there is.
            return printable(said.toString(StandardCharsets.US_ASCII));
        }
        return printable(said.toString(StandardCharsets.US_ASCII));
    }

    /** Empty at the end and at the deadline. */
    private static byte[] partOf(UnixConnection holder, long deadline) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        // A patience of nothing is one for ever.
        if (left.toMillis() <= 0) {
            return new byte[0];
        }
        holder.setPatience(left);
        return holder.receive().data();
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_STATEMENT)).replaceAll("[^\\x20-\\x7e\\n]", "?");
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
                tell(asked.get());
            } catch (KernelException noDescriptorLeft) {
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void tell(UnixConnection asked) {
        try (asked) {
            asked.send(statement);
        } catch (KernelException gone) {
            // Who does not wait for the answer does not want it; the socket's own buffer takes it at once otherwise.
            return;
        }
    }
}
