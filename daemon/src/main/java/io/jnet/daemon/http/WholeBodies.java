package io.jnet.daemon.http;

import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Calls the next handler when the body of a request is there as a whole, and puts it into {@link ArrivedBody#ATTRIBUTE}. Until then the
 * request holds no thread, so that clients that are slow to send, however many, keep nobody from being answered.
 *
 * <p>Memory is what they could use up instead. Up to 32 KiB are taken from everybody; a larger body, or one of unknown length, needs a
 * place, and is not read before it has one: it waits in its client's socket. A place is held until the request is answered, and by a slow
 * client at most for the time that a body may take.
 */
final class WholeBodies extends Handler.Wrapper {
    private static final int SMALL = 32 * 1024;

    /** Two of 8 MiB leave room in a heap of 64 MiB for the reading of one of them. */
    private static final int PLACES = 2;

    private final ServerLimits limits;
    private final Places places = new Places(PLACES);

    WholeBodies(ServerLimits limits) {
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        long length = chunked ? limits.largestBody() : Math.max(0, request.getLength());
        if (length == 0 || length > limits.largestBody()) {
            request.setAttribute(ArrivedBody.ATTRIBUTE, BodyArrival.ofLength(length, limits));
            return super.handle(request, response, callback);
        }
        BodyArrival arrival = new BodyArrival(
                request, chunked ? SMALL : (int) length, limits, () -> proceed(request, response, callback));
        if (length <= SMALL) {
            arrival.begin();
        } else {
            Executor executor = request.getContext();
            places.take(() -> {
                Request.addCompletionListener(request, ended -> places.giveBack());
                executor.execute(arrival::begin);
            });
        }
        return true;
    }

    private void proceed(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Exception e) {
            Response.writeError(request, response, callback, e);
        }
    }
}
