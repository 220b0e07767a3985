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

/** Answers 403 to whoever may only read and asks for anything but that. */
final class ReadersOnlyRead extends Handler.Wrapper {
    private static final byte[] REFUSAL =
            "{\"error\":\"only root may change something: run as root\"}".getBytes(StandardCharsets.UTF_8);

    ReadersOnlyRead(Handler next) {
        super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (mayAll(request) || HttpMethod.GET.is(request.getMethod())) {
            return super.handle(request, response, callback);
        }
        response.setStatus(HttpStatus.FORBIDDEN_403);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(REFUSAL), callback);
        return true;
    }

    private static boolean mayAll(Request request) {
        return request.getConnectionMetaData().getConnection() instanceof PluginConnection connection
                && connection.access() == Access.ALL;
    }
}
