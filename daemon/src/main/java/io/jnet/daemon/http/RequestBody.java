package io.jnet.daemon.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * Reads request bodies of a bounded size. Large ones are read one at a time: a hundred requests that each publish every port would not fit
 * into the heap together.
 */
public final class RequestBody {
    private static final int SMALL = 256 * 1024;

    private final int limit;
    private final Semaphore large = new Semaphore(1, true);

    /**
     * @param limit the largest body in bytes
     */
    public RequestBody(int limit) {
        this.limit = limit;
    }

    /** What is done with a body, as long as its memory is accounted for. */
    @FunctionalInterface
    public interface Use {
        void accept(byte[] body) throws IOException;
    }

    /**
     * Reads the body and hands it on.
     *
     * @throws TooLargeException when it is larger than the limit
     * @throws IOException when the client stalls or goes away in the middle
     */
    public void read(Context context, Use use) throws IOException {
        long length = context.req().getContentLengthLong();
        if (length > limit) {
            throw new TooLargeException(limit);
        }
        if (length >= 0 && length <= SMALL) {
            use.accept(readUpTo(context, SMALL));
            return;
        }
        large.acquireUninterruptibly();
        try {
            use.accept(readUpTo(context, limit));
        } finally {
            large.release();
        }
    }

    private byte[] readUpTo(Context context, int most) throws IOException {
        byte[] body = context.req().getInputStream().readNBytes(most + 1);
        if (body.length > most) {
            throw new TooLargeException(limit);
        }
        return body;
    }

    /** A body that is larger than the server takes. */
    public static final class TooLargeException extends RuntimeException {
        TooLargeException(int limit) {
            super("request body too large: at most " + limit + " bytes");
        }
    }
}
