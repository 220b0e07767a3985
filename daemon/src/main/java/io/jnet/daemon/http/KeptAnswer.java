package io.jnet.daemon.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/** An answer whose parts wait here for the client to take them, in their order. Its handler may have ended long ago. Safe for any thread. */
final class KeptAnswer extends Response.Wrapper {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * @param written what the handler waits for, where it has to
     */
    private record Part(boolean last, ByteBuffer bytes, Callback written) {}

    private final UnreadAnswers answers;
    private final Callback callback;
    private final Queue<Part> parts = new ArrayDeque<>();
    private final Writing writing = new Writing();
    private int size;
    private boolean busy;
    private Optional<Runnable> end = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    /**
     * @param callback told when the handler has ended and the client has all
     */
    KeptAnswer(UnreadAnswers answers, Request request, Response response, Callback callback) {
        super(request, response);
        this.answers = answers;
        this.callback = callback;
    }

    /** What the handler tells that it has ended. */
    Callback completion() {
        return Callback.from(() -> endWith(callback::succeeded), cause -> endWith(() -> callback.failed(cause)));
    }

    /** How much is kept, in bytes; guarded by those that keep it. */
    int size() {
        return size;
    }

    /** Changes the size, and tells it. */
    int add(int bytes) {
        size += bytes;
        return size;
    }

    /** Gives up on the client. */
    void abort() {
        getRequest()
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close(new IOException("the client does not take its answer"));
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback written) {
        Optional<Throwable> broken;
        synchronized (this) {
            broken = failure;
        }
        if (broken.isPresent()) {
            written.failed(broken.get());
            return;
        }
        ByteBuffer bytes = content == null ? NOTHING : copy(content);
        boolean fits = answers.keep(this, bytes.remaining());
        synchronized (this) {
            parts.add(new Part(last, bytes, fits ? Callback.NOOP : written));
            busy = true;
        }
        writing.iterate();
        if (fits) {
            written.succeeded();
        }
    }

    /** The caller's buffer is its own again when its write has ended. */
    private static ByteBuffer copy(ByteBuffer content) {
        ByteBuffer copy = ByteBuffer.allocate(content.remaining());
        copy.put(content);
        return copy.flip();
    }

    private void endWith(Runnable told) {
        synchronized (this) {
            if (busy) {
                end = Optional.of(told);
                return;
            }
        }
        told.run();
    }

    /** Writes part after part. */
    private final class Writing extends IteratingCallback {
        private Optional<Part> current = Optional.empty();
        private int length;

        @Override
        protected Action process() {
            Optional<Runnable> told;
            synchronized (KeptAnswer.this) {
                current = Optional.ofNullable(parts.poll());
                told = current.isPresent() ? Optional.empty() : end;
                busy = current.isPresent();
            }
            if (current.isEmpty()) {
                told.ifPresent(Runnable::run);
                return told.isPresent() ? Action.SUCCEEDED : Action.IDLE;
            }
            length = current.get().bytes().remaining();
            getWrapped().write(current.get().last(), current.get().bytes(), this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            answers.release(KeptAnswer.this, length);
            current.ifPresent(part -> part.written().succeeded());
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            List<Part> rest = new ArrayList<>();
            Optional<Runnable> told;
            synchronized (KeptAnswer.this) {
                failure = Optional.of(cause);
                current.ifPresent(rest::add);
                rest.addAll(parts);
                parts.clear();
                busy = false;
                told = end;
            }
            answers.release(KeptAnswer.this, size);
            rest.forEach(part -> part.written().failed(cause));
            told.ifPresent(ended -> callback.failed(cause));
        }
    }
}
