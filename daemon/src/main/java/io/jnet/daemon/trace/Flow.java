package io.jnet.daemon.trace;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which packets are meant.
 *
 * @param protocol TCP or UDP
 * @param sources who sends, by one of these; empty: anybody
 * @param sourcePort by which port; empty: any
 * @param destination to whom
 * @param port to which port
 * @param origin where they come from
 */
record Flow(
        TransportProtocol protocol,
        Set<IpAddress> sources,
        OptionalInt sourcePort,
        IpAddress destination,
        int port,
        Origin origin) {
    Flow {
        sources = Set.copyOf(sources);
    }

    /** Where packets come from. */
    enum Origin {
        /** From whoever has one of the sources' addresses, or sends by that port. */
        ANYWHERE,
        /** From anywhere but a bridge of jnet's and this host. */
        OUTSIDE,
        /** From this host. */
        HOST
    }
}
