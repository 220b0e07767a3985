package io.jnet.daemon.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Hands on request bodies, which are there as a whole when a handler is called. Large ones are used one at a time: what is made of two of
 * them would not fit into the heap together.
 */
public final class RequestBody {
    private static final int SMALL = 256 * 1024;

    private final Semaphore large = new Semaphore(1, true);

    /** What is done with a body, as long as its memory is accounted for. */
    @FunctionalInterface
    public interface Use {
        void accept(byte[] body) throws IOException;
    }

    /**
     * Hands the body on.
     *
     * @throws TooLargeException when it is larger than the server takes
     * @throws LateException when the client did not send it in time
     * @throws IOException when the client went away in the middle
     */
    public void read(Context context, Use use) throws IOException {
        if (!(context.req().getAttribute(ArrivedBody.ATTRIBUTE) instanceof ArrivedBody arrived)) {
            throw new IllegalStateException("request without its body: not handled by WholeBodies");
        }
        byte[] body = arrived.bytes();
        if (body.length <= SMALL) {
            use.accept(body);
            return;
        }
        large.acquireUninterruptibly();
        try {
            use.accept(body);
        } finally {
            large.release();
        }
    }

    /** A body that is larger than the server takes. */
    public static final class TooLargeException extends RuntimeException {
        TooLargeException(int limit) {
            super("request body too large: at most " + limit + " bytes");
        }
    }

    /** A body that did not arrive in time. */
    public static final class LateException extends IOException {
        LateException(Duration arrival) {
            super("request body not complete within " + arrival.toMillis() + " ms");
        }
    }
}
