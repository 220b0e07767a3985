package io.jnet.engine.relay;

import io.jnet.netlink.libc.NativeBuffer;
import io.jnet.netlink.libc.TcpSocket;

/**
 * One direction of a connection. Bytes are looked at, sent on, and only then taken: while the receiver has no room they stay with the
 * sender's kernel, whose window closes.
 */
final class TcpDirection {
    /** Buffers moved at a time, so that one stream does not keep the others waiting. */
    private static final int BURST = 16;

    private final WatchedStream from;
    private final WatchedStream to;
    private final NativeBuffer buffer;
    private boolean ended;

    TcpDirection(WatchedStream from, WatchedStream to, NativeBuffer buffer) {
        this.from = from;
        this.to = to;
        this.buffer = buffer;
    }

    /** Whether the sender's end has been passed on, after everything before it. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Moves what can be moved, and waits for what is needed to move more.
     *
     * @throws io.jnet.netlink.libc.KernelException when one of the two is broken
     */
    void move() {
        for (int i = 0; i < BURST && !ended; i++) {
            int seen = from.socket().peek(buffer);
            if (seen == TcpSocket.WOULD_BLOCK) {
                waitForSender();
                return;
            }
            if (seen == 0) {
                ended = true;
                from.reading(false);
                to.writing(false);
                to.socket().shutdownOutput();
                return;
            }
            int sent = to.socket().send(buffer, seen);
            if (sent == TcpSocket.WOULD_BLOCK) {
                from.reading(false);
                to.writing(true);
                return;
            }
            from.socket().discard(buffer, sent);
        }
        if (!ended) {
            waitForSender();
        }
    }

    private void waitForSender() {
        from.reading(true);
        to.writing(false);
    }
}
