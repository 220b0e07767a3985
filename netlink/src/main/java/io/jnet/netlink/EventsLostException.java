package io.jnet.netlink;

import io.jnet.netlink.libc.Errno;

/** More events came than the socket's buffer holds; the listener must read the present state anew. Later events are delivered. */
public final class EventsLostException extends NetlinkException {
    private static final long serialVersionUID = 1L;

    EventsLostException(String object) {
        super("receive", object, Errno.ENOBUFS, "events were lost", NO_OFFSET);
    }
}
