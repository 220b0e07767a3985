package io.jnet.engine.relay;

import io.jnet.netlink.libc.Poller.Interest;
import io.jnet.netlink.libc.TcpSocket;

/**
 * A stream socket and what the loop waits for of it. When that is nothing the loop does not know the socket at all: its failures would be
 * told again and again.
 */
final class WatchedStream {
    private final RelayLoop loop;
    private final TcpSocket socket;
    private final long key;
    private boolean reading;
    private boolean writing;

    WatchedStream(RelayLoop loop, TcpSocket socket, Runnable handler) {
        this.loop = loop;
        this.socket = socket;
        this.key = loop.register(handler);
    }

    TcpSocket socket() {
        return socket;
    }

    void reading(boolean wanted) {
        want(wanted, writing);
    }

    void writing(boolean wanted) {
        want(reading, wanted);
    }

    /** Waits for nothing more, for good. The socket is still to be closed. */
    void forget() {
        want(false, false);
        loop.unregister(key);
    }

    private void want(boolean read, boolean write) {
        if (read == reading && write == writing) {
            return;
        }
        boolean known = reading || writing;
        reading = read;
        writing = write;
        if (!read && !write) {
            loop.poller().remove(socket);
        } else if (known) {
            loop.poller().change(socket, interest(), key);
        } else {
            loop.poller().add(socket, interest(), key);
        }
    }

    private Interest interest() {
        if (reading && writing) {
            return Interest.BOTH;
        }
        return reading ? Interest.READ : Interest.WRITE;
    }
}
