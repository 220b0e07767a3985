package io.jnet.daemon.http;

import io.jnet.daemon.socket.Access;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers 403 to whoever may only read and asks for anything but that, and 413 where a question has a body, for which memory would be kept. */
final class ReadersOnlyRead extends Handler.Wrapper {
    private static final byte[] NO_BODY = "{\"error\":\"a question has no body\"}".getBytes(StandardCharsets.UTF_8);

    private static final byte[] REFUSAL =
            "{\"error\":\"only root may change something: run as root\"}".getBytes(StandardCharsets.UTF_8);

    ReadersOnlyRead(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (mayAll(request)) {
            return super.handle(request, response, callback);
        }
        if (!HttpMethod.GET.is(request.getMethod())) {
            return refuse(response, HttpStatus.FORBIDDEN_403, REFUSAL, callback);
        }
        boolean hasBody = request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return hasBody
                ? refuse(response, HttpStatus.PAYLOAD_TOO_LARGE_413, NO_BODY, callback)
                : super.handle(request, response, callback);
    }

    private static boolean refuse(Response response, int status, byte[] text, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(text), callback);
        return true;
    }

    private static boolean mayAll(Request request) {
        return request.getConnectionMetaData().getConnection() instanceof PluginConnection connection
                && connection.access() == Access.ALL;
    }
}
