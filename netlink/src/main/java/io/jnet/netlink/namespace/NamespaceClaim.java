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
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** More than this nobody has to say of itself. */
    private static final int LONGEST_STATEMENT = 1000;

    private final UnixListener listener;
    private final byte[] statement;
    private final Thread thread;

    /**
     * Who has a name.
     *
     * @param credentials as the kernel knows them
     * @param statement what it says of itself: printable ASCII and line feeds; empty when it says nothing
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

    /** Who has a name in the calling thread's namespace; empty when nobody has, or does not say so yet. */
    public static Optional<Holder> holder(String name) {
        try (UnixConnection holder = UnixConnection.connectAbstract(name)) {
            return Optional.of(new Holder(holder.peer(), statementOf(holder)));
        } catch (KernelException refusal) {
            if (refusal.errno().equals(Errno.ECONNREFUSED)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    /** One that says nothing is waited for a second. */
    private static String statementOf(UnixConnection holder) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            holder.setPatience(PATIENCE);
            byte[] part = holder.receive().data();
            while (part.length > 0 && said.size() < LONGEST_STATEMENT) {
                said.writeBytes(part);
                part = holder.receive().data();
            }
        } catch (KernelException silent) {
            // What it has said so far is all there is.
            return printable(said.toString(StandardCharsets.US_ASCII));
        }
        return printable(said.toString(StandardCharsets.US_ASCII));
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
