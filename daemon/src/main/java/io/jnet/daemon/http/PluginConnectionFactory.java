package io.jnet.daemon.http;

import io.jnet.daemon.socket.Access;
import io.jnet.daemon.socket.PeerPolicy;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link PluginConnection} of each connection of an allowed peer, and closes the others before a byte is read. */
final class PluginConnectionFactory extends HttpConnectionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(PluginConnectionFactory.class);

    private final PeerPolicy peers;

    PluginConnectionFactory(HttpConfiguration configuration, PeerPolicy peers) {
        super(configuration);
        this.peers = peers;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        Access access =
                endPoint instanceof SocketChannelEndPoint socket ? peers.access(socket.getChannel()) : Access.NONE;
        if (access != Access.NONE) {
            return configure(
                    new PluginConnection(getHttpConfiguration(), connector, endPoint, access), connector, endPoint);
        }
        LOG.atWarn().log("connection refused: the peer is not root");
        return new Refused(connector, endPoint);
    }

    /** Closes at once. */
    private static final class Refused extends AbstractConnection {
        Refused(Connector connector, EndPoint endPoint) {
            super(endPoint, connector.getExecutor());
        }

        @Override
        public void onOpen() {
            super.onOpen();
            close();
        }

        @Override
        public void onFillable() {}
    }
}
