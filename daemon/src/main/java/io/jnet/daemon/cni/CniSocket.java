package io.jnet.daemon.cni;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniPlugin;
import io.jnet.cni.CniRequest;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.Command;
import io.jnet.daemon.metrics.FrontEnd;
import io.jnet.daemon.metrics.OperationListener;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.daemon.socket.SocketUnavailableException;
import io.jnet.engine.failure.Printable;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixListener;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Serves {@code jnet-cni}: a connection is a call. Only root is answered. */
public final class CniSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CniSocket.class);

    /**
     * Calls that work at a time: runtimes start many containers at once after a boot, and deletions that are asked for together cost the kernel
     * hardly more than one.
     */
    private static final int WORKING = 64;

    /** Calls that wait for their turn; more wait in the socket's queue, and all that comes after them. */
    private static final int WAITING = 256;

    /** Questions for the status at a time. They do not wait for calls that work: a runtime takes a late answer for a network that is not ready. */
    private static final int STATUSES = 4;

    private static final int WAITING_STATUSES = 16;

    private static final int BACKLOG = 1024;
    /** The executable reads its answer at once. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(2);
    private static final long CLOSING_SECONDS = 10;
    private static final String STATUS = "STATUS";
    /** Tells the executable that its caller lives in another network namespace than this daemon. */
    private static final int ELSEWHERE = 255;

    private final SocketFile file;
    private final UnixListener listener;
    private final Supplier<CniPlugin> plugin;
    private final OperationListener operations;
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastCall = System.nanoTime();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CniArrivals arrivals;
    private final Thread acceptor;
    private final ExecutorService calls = CallThreads.pool(WORKING, WAITING, "cni-call");
    private final ExecutorService statuses = CallThreads.pool(STATUSES, WAITING_STATUSES, "cni-status");

    private CniSocket(
            SocketFile file, UnixListener listener, Supplier<CniPlugin> plugin, OperationListener operations) {
        this.operations = operations;
        this.file = file;
        this.listener = listener;
        this.plugin = plugin;
        arrivals = new CniArrivals(listener, new Calls());
        acceptor = new Thread(arrivals, "cni-acceptor");
        acceptor.setDaemon(true);
    }

    /**
     * Binds the prepared socket, where no client looks for it yet, unless it was passed.
     *
     * @param plugin asked for at each call; not before the socket is published
     * @throws SocketUnavailableException when it cannot be bound
     */
    public static CniSocket bind(SocketFile file, Supplier<CniPlugin> plugin, OperationListener operations) {
        if (file.passed().isPresent()) {
            return new CniSocket(file, UnixListener.of(file.passed().get()), plugin, operations);
        }
        UnixListener[] listener = new UnixListener[1];
        file.bind(() -> {
            try {
                listener[0] = UnixListener.bind(file.bindPath(), BACKLOG);
            } catch (KernelException refused) {
                throw new SocketUnavailableException(
                        "cannot bind socket " + file.path() + ": " + refused.errno(), refused);
            }
        });
        return new CniSocket(file, listener[0], plugin, operations);
    }

    /**
     * Puts the socket in its place: from now on clients come.
     *
     * @throws SocketUnavailableException when the place cannot be taken
     */
    public void publish() {
        file.publish();
        acceptor.start();
    }

    /**
     * Waits until no call has come for a while.
     *
     * @param quiet how long none has to come
     * @param limit when to stop waiting all the same
     */
    public void awaitQuiet(Duration quiet, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end && (running.get() > 0 || System.nanoTime() - lastCall < quiet.toNanos())) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Removes the socket file, lets running calls end, and stops; again harmless. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        file.remove();
        arrivals.stop();
        try {
            acceptor.join();
            arrivals.close();
            calls.shutdown();
            statuses.shutdown();
            if (!calls.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)
                    || !statuses.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.atWarn().addKeyValue("socket", file.path()).log("stopped with a call under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }

    /** Counts connections, and has questions answered. */
    private final class Calls implements CniArrivals.Callers {
        @Override
        public void came() {
            running.incrementAndGet();
        }

        @Override
        public void left() {
            lastCall = System.nanoTime();
            running.decrementAndGet();
        }

        @Override
        public void asked(UnixConnection connection, CniQuestion question, Runnable answered) {
            (isStatus(question) ? statuses : calls).execute(() -> {
                try {
                    serve(connection, question);
                } finally {
                    answered.run();
                    left();
                }
            });
        }
    }

    private void serve(UnixConnection connection, CniQuestion question) {
        try (connection;
                question) {
            connection.setPatience(PATIENCE);
            AtomicBoolean delivered = new AtomicBoolean();
            CniAnswer answer = answer(question, result -> {
                connection.send(encode(result));
                delivered.set(true);
            });
            if (!delivered.get()) {
                connection.send(encode(answer));
            }
        } catch (KernelException gone) {
            LOG.debug("a call broke off: {}", gone.getMessage());
        } catch (RuntimeException defect) {
            LOG.atError().setCause(defect).log("unexpected failure");
        }
    }

    private CniAnswer answer(CniQuestion question, Consumer<CniAnswer> delivery) {
        List<Descriptor> descriptors = question.descriptors();
        Optional<NetworkNamespace> caller = descriptors.stream().findFirst().flatMap(NetworkNamespace::of);
        CniPlugin answering = plugin.get();
        boolean here = caller.isPresent() && caller.get().identity().equals(answering.namespace());
        if (!here) {
            return new CniAnswer(ELSEWHERE, new byte[0]);
        }
        Optional<NetworkNamespace> container = descriptors.size() > 1
                ? NetworkNamespace.of(
                        descriptors.get(1), descriptors.stream().skip(2).findFirst())
                : Optional.empty();
        CniRequest request = new CniRequest(question.environment(), question.input(), container);
        long begun = System.nanoTime();
        CniAnswer answer = isStatus(question) ? answering.answer(request) : answering.answer(request, delivery);
        String command = command(request);
        operations.ended(FrontEnd.CNI, command, begun, answer.failure().map(CniException::code));
        answer.failure().ifPresent(refused -> log(request, command, refused));
        return answer;
    }

    private static boolean isStatus(CniQuestion question) {
        return STATUS.equals(question.environment().get("CNI_COMMAND"));
    }

    /** Runtimes ask for the status all the time. */
    private static void log(CniRequest request, String command, CniException refused) {
        LOG.atLevel(STATUS.equals(command) ? Level.DEBUG : Level.WARN)
                .addKeyValue("command", command)
                .addKeyValue("container", Printable.of(request.environment().getOrDefault("CNI_CONTAINERID", "")))
                .addKeyValue("category", refused.code())
                .log(refused.getMessage());
    }

    private static String command(CniRequest request) {
        return Arrays.stream(Command.values())
                .map(Command::name)
                .filter(name -> name.equals(request.environment().get("CNI_COMMAND")))
                .findFirst()
                .orElse("unknown");
    }

    /** {@code struct answer { uint32_t status; uint32_t output; };} and the output. */
    private static byte[] encode(CniAnswer answer) {
        return ByteBuffer.allocate(2 * Integer.BYTES + answer.output().length)
                .order(ByteOrder.nativeOrder())
                .putInt(answer.status())
                .putInt(answer.output().length)
                .put(answer.output())
                .array();
    }
}
