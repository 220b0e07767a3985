package io.jnet.netlink;

import java.util.List;

/** What {@link NetlinkSocket} needs of a socket. */
interface MessageChannel extends AutoCloseable {
    /** The port id that answers carry. */
    int portId();

    /** Sends encoded messages in one datagram. */
    void send(byte[] messages);

    /** The messages of the next datagram from the kernel. */
    List<NetlinkMessage> receive();

    @Override
    void close();
}
