package io.jnet.dns.forward;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Optional;

/** One server that is being asked: by UDP, by TCP where its answer is too long for that, without EDNS where it does not know that. */
final class Attempt {
    private final Sockets sockets;
    private final Lookup lookup;
    private final InetSocketAddress server;
    private ServerQuery query;
    private Exchange exchange;

    /**
     * @param edns whether the server is told that longer answers are taken
     */
    Attempt(Sockets sockets, Lookup lookup, InetSocketAddress server, boolean edns) throws IOException {
        this.sockets = sockets;
        this.lookup = lookup;
        this.server = server;
        this.query = new ServerQuery(lookup.key(), sockets.id(), edns);
        this.exchange = open(false);
    }

    Lookup lookup() {
        return lookup;
    }

    InetSocketAddress server() {
        return server;
    }

    /** Whether the server is told that longer answers are taken. */
    boolean usesEdns() {
        return query.edns();
    }

    /** Whether an answer cannot be too long. */
    boolean usesTcp() {
        return exchange instanceof TcpExchange;
    }

    /** Asks again, by TCP. */
    void useTcp() throws IOException {
        exchange.close();
        query = new ServerQuery(query.key(), sockets.id(), query.edns());
        exchange = open(true);
    }

    /** Asks again as servers were asked before 1999. */
    void leaveEdns() throws IOException {
        exchange.close();
        query = new ServerQuery(query.key(), sockets.id(), false);
        exchange = open(false);
    }

    private Exchange open(boolean tcp) throws IOException {
        try {
            return tcp
                    ? TcpExchange.open(sockets.selector(), this, server, query)
                    : UdpExchange.open(sockets.selector(), this, server, query, sockets.buffer());
        } catch (UnsupportedOperationException | UnsupportedAddressTypeException noFamily) {
            throw new IOException("the host lacks the address family of " + server, noFamily);
        }
    }

    /** Goes on, and tells the lookup what came of it. */
    void proceed(long now) {
        try {
            Optional<byte[]> answer = exchange.proceed();
            if (answer.isPresent()) {
                lookup.answered(this, answer.get(), now);
            }
        } catch (IOException failed) {
            lookup.failed(this, now);
        }
    }

    void close() {
        exchange.close();
    }
}
