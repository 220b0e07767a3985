package io.jnet.daemon.trace;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which packets are meant.
 *
 * @param protocol TCP or UDP
 * @param source who sends; empty: anybody
 * @param sourcePort by which port; empty: any
 * @param destination to whom
 * @param port to which port
 * @param origin where they come from
 */
record Flow(
        TransportProtocol protocol,
        Optional<IpAddress> source,
        OptionalInt sourcePort,
        IpAddress destination,
        int port,
        Origin origin) {

    /** Where packets come from. */
    enum Origin {
        /** From whoever has the source's address, or sends by that port. */
        ANYWHERE,
        /** From anywhere but a bridge of jnet's and this host. */
        OUTSIDE,
        /** From this host. */
        HOST
    }
}
