package io.jnet.dns.listen;

import java.util.concurrent.atomic.AtomicLong;

/** What was answered on connections and is not sent yet: so many bytes of all of them, whoever they are of. Thread-safe. */
final class Backlog {
    /** An eighth of the daemon's heap; each connection alone has little of it. */
    static final long USUAL = 8L << 20;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param most in bytes
     */
    Backlog(long most) {
        this.most = most;
    }

    /** Adds so many bytes; false: there is no room for them. */
    boolean take(int length) {
        if (bytes.addAndGet(length) <= most) {
            return true;
        }
        giveBack(length);
        return false;
    }

    /** Takes so many bytes off: they are sent, or will not be. */
    void giveBack(int length) {
        bytes.addAndGet(-length);
    }

    /** How many bytes there are. */
    long bytes() {
        return bytes.get();
    }
}
