package io.jnet.dns.listen;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What was answered on connections and is not sent yet: so many bytes of all of them, and of one network a share of these. Thread-safe. */
final class Backlog {
    /** An eighth of the daemon's heap; each connection alone has little of it. */
    static final long USUAL = 8L << 20;

    /** A network whose containers fetch nothing leaves the others theirs. */
    private static final int SHARES = 4;

    private final Optional<Backlog> whole;
    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * That of all networks.
     *
     * @param most in bytes
     */
    Backlog(long most) {
        this(Optional.empty(), most);
    }

    private Backlog(Optional<Backlog> whole, long most) {
        this.whole = whole;
        this.most = most;
    }

    /** A share of this one, of one network. */
    Backlog share() {
        return new Backlog(Optional.of(this), most / SHARES);
    }

    /** Adds so many bytes; false: there is no room for them. */
    boolean take(int length) {
        if (bytes.addAndGet(length) <= most
                && whole.map(all -> all.take(length)).orElse(true)) {
            return true;
        }
        bytes.addAndGet(-length);
        return false;
    }

    /** Takes so many bytes off: they are sent, or will not be. */
    void giveBack(int length) {
        bytes.addAndGet(-length);
        whole.ifPresent(all -> all.giveBack(length));
    }

    /** How many bytes there are. */
    long bytes() {
        return bytes.get();
    }
}
