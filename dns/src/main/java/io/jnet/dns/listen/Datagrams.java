package io.jnet.dns.listen;

import io.jnet.netlink.libc.IncomingDatagrams;
import io.jnet.netlink.libc.OutgoingDatagrams;

/** The room for datagrams that come in and go out, which one listener after the other uses. Of the loop's thread. */
final class Datagrams {
    private static final int CAPACITY = 32;
    /** No query is as long; what is longer is dropped. */
    private static final int LONGEST_QUERY = 4096;

    private static final int ROOM_FOR_ANSWERS = 128 * 1024;

    private final IncomingDatagrams incoming = IncomingDatagrams.allocate(CAPACITY, LONGEST_QUERY);
    private final OutgoingDatagrams outgoing = OutgoingDatagrams.allocate(CAPACITY, ROOM_FOR_ANSWERS);
    private UdpListener user;

    IncomingDatagrams incoming() {
        return incoming;
    }

    OutgoingDatagrams outgoing() {
        return outgoing;
    }

    /** Says whose datagrams are collected from now on. */
    void use(UdpListener listener) {
        user = listener;
    }

    /** Says that nobody's are. */
    void leave() {
        user = null;
    }

    /** Whether this one's are. */
    boolean areOf(UdpListener listener) {
        return user == listener;
    }
}
