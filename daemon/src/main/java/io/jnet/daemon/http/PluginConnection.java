package io.jnet.daemon.http;

import io.jnet.daemon.socket.Access;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Jetty's HTTP/1.1 connection with two differences that dockerd needs.
 *
 * <p>An empty {@code Host} is let through. It is legal (RFC 9112 section 3.2), and dockerd before 20.10.26 sends it when it was built with Go
 * before 1.20.6, as Debian 12's is; Jetty 12.1 answers 400 "Blank Host" under every {@code HttpCompliance}. Its check follows the
 * parsing of fields, hence the field is given a value while it is parsed.
 *
 * <p>A connection that is silent between two requests stays open. dockerd keeps such connections without a limit in time, and when it
 * writes a request into one that is just being closed, it repeats the request with an empty body. Only a server that stops closes them.
 */
final class PluginConnection extends HttpConnection {
    private static final HttpField LOCAL_HOST = new HttpField(HttpHeader.HOST, "localhost");

    private final Access access;

    PluginConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, Access access) {
        super(configuration, connector, endPoint);
        this.access = access;
    }

    /** What whoever is at the other end may do. */
    Access access() {
        return access;
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new RequestHandler() {
            @Override
            public void parsedHeader(HttpField field) {
                boolean emptyHost = field.getHeader() == HttpHeader.HOST
                        && (field.getValue() == null || field.getValue().isBlank());
                super.parsedHeader(emptyHost ? LOCAL_HOST : field);
            }
        };
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return (getConnector().isShutdown() || waitsForClient()) && super.onIdleExpired(timeout);
    }

    /** Whether the client owes something: the rest of a request, or the taking of an answer. A running handler is no fault of the client. */
    private boolean waitsForClient() {
        HttpParser parser = getParser();
        boolean reading =
                !parser.isState(HttpParser.State.START) && (parser.inHeaderState() || parser.inContentState());
        boolean writing = getEndPoint() instanceof AbstractEndPoint endPoint
                && endPoint.getWriteFlusher().isPending();
        return reading || writing;
    }
}
