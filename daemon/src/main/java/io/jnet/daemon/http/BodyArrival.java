package io.jnet.daemon.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The reading of one body, whenever a part of it is there. Ends once: with the whole body, with a failure, or when its time is over.
 *
 * <p>Jetty calls {@link #run} when there is something to read, one call at a time; the timer comes from a thread of its own.
 */
final class BodyArrival implements Runnable {
    private final Request request;
    private final ServerLimits limits;
    private final int expected;
    private final Runnable next;
    private byte[] body = new byte[0];
    private int length;
    private boolean late;
    private boolean ended;
    private boolean inFirstCall = true;
    private Optional<Scheduler.Task> timer = Optional.empty();

    /**
     * @param expected how much is expected: the room that is made at first
     * @param next what is called when the attribute {@link ArrivedBody#ATTRIBUTE} is set
     */
    BodyArrival(Request request, int expected, ServerLimits limits, Runnable next) {
        this.request = request;
        this.expected = expected;
        this.limits = limits;
        this.next = next;
    }

    /** A body of which nothing has to be read: empty, or larger than allowed. */
    static ArrivedBody ofLength(long length, ServerLimits limits) {
        return () -> {
            if (length > limits.largestBody()) {
                throw new RequestBody.TooLargeException(limits.largestBody());
            }
            return new byte[0];
        };
    }

    /** Starts to read, and the clock. */
    void begin() {
        synchronized (this) {
            body = new byte[expected];
            timer = Optional.of(request.getComponents()
                    .getScheduler()
                    .schedule(this::expire, limits.arrival().toMillis(), TimeUnit.MILLISECONDS));
        }
        run();
    }

    @Override
    public void run() {
        boolean inline;
        synchronized (this) {
            inline = inFirstCall;
            inFirstCall = false;
            if (ended) {
                return;
            }
            Optional<ArrivedBody> arrived = read();
            if (arrived.isEmpty()) {
                return;
            }
            ended = true;
            timer.ifPresent(Scheduler.Task::cancel);
            request.setAttribute(ArrivedBody.ATTRIBUTE, arrived.get());
        }
        if (inline) {
            next.run();
        } else {
            // Jetty calls nobody else about this request while it waits for this call to return.
            request.getContext().execute(next);
        }
    }

    /** Reads what is there; empty while there is more to come. */
    private Optional<ArrivedBody> read() {
        while (true) {
            if (late) {
                return Optional.of(this::failLate);
            }
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return Optional.empty();
            }
            if (Content.Chunk.isFailure(chunk)) {
                Throwable cause = chunk.getFailure();
                return Optional.of(
                        late
                                ? this::failLate
                                : () -> {
                                    throw new IOException("request body broke off", cause);
                                });
            }
            boolean tooLarge = length + chunk.remaining() > limits.largestBody();
            if (!tooLarge) {
                add(chunk);
            }
            boolean last = chunk.isLast();
            chunk.release();
            if (tooLarge) {
                return Optional.of(ofLength(Long.MAX_VALUE, limits));
            }
            if (last) {
                byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
                return Optional.of(() -> whole);
            }
        }
    }

    private void add(Content.Chunk chunk) {
        int size = chunk.remaining();
        if (length + size > body.length) {
            body = Arrays.copyOf(body, Math.min(limits.largestBody(), Math.max(length + size, 2 * body.length)));
        }
        chunk.get(body, length, size);
        length += size;
    }

    private void expire() {
        synchronized (this) {
            if (ended) {
                return;
            }
            late = true;
        }
        // Withdraws the demand: the reader is called, and finds that it is late.
        if (request.getConnectionMetaData().getConnection() instanceof HttpConnection connection) {
            Runnable task = connection
                    .getHttpChannel()
                    .onIdleTimeout(new TimeoutException("request body is late"))
                    .action();
            if (task != null) {
                request.getContext().execute(task);
            }
        }
    }

    private byte[] failLate() throws IOException {
        throw new RequestBody.LateException(limits.arrival());
    }
}
