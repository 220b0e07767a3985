package io.jnet.dns.forward;

import java.io.IOException;
import java.util.Optional;

/** A query on its way to a server and its answer on the way back, on a socket of its own. */
sealed interface Exchange extends AutoCloseable permits UdpExchange, TcpExchange {
    /**
     * Goes on, as far as the socket lets it.
     *
     * @return the answer, when all of it is here
     * @throws IOException when there will be none
     */
    Optional<byte[]> proceed() throws IOException;

    @Override
    void close();
}
