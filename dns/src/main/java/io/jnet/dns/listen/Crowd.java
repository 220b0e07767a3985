package io.jnet.dns.listen;

import io.jnet.netlink.address.IpAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who is answered when more comes in than can be. Datagrams wait in one row, whoever sent them, and when that is full the next is lost: so one
 * client that floods takes the places of all. While there is a crowd, what a client sends beyond its share is thrown away unread, which is
 * much quicker than to answer, so that the row does not get full.
 */
final class Crowd {
    /** So many in a row without a pause are a crowd: a client seldom has as many queries under way. */
    static final int CALM = 256;

    /** How many of each client are answered in each {@link #WINDOW} of a crowd: more than any one needs. */
    static final int SHARE = 32;

    static final Duration WINDOW = Duration.ofMillis(10);
    /** A crowd seems to be gone whenever all that waited was thrown away; it is when that stays so. */
    static final Duration MEMORY = Duration.ofSeconds(1);

    /** What waits in a socket that nobody has read for a while is no crowd: more than there is room for. */
    private static final int WAITING = 8192;

    private final LongSupplier clock;
    private final Map<IpAddress, Integer> counts = new HashMap<>();
    private int row;
    private boolean isCrowded;
    private long lastCrowded;
    private long windowStart;

    /** Nobody yet. */
    Crowd() {
        this(System::nanoTime);
    }

    Crowd(LongSupplier clock) {
        this.clock = clock;
    }

    /** Nobody yet, but perhaps queries that have been waiting, all of which are answered. */
    static Crowd afterAWhile() {
        Crowd crowd = new Crowd();
        crowd.row = -WAITING;
        return crowd;
    }

    /** Whether this datagram of a client is to be answered. */
    boolean admits(IpAddress client) {
        row = Math.min(row, CALM) + 1;
        if (row <= CALM && !isCrowded) {
            return true;
        }
        long now = clock.getAsLong();
        if (row > CALM) {
            isCrowded = true;
            lastCrowded = now;
        } else if (now - lastCrowded >= MEMORY.toNanos()) {
            isCrowded = false;
            counts.clear();
            return true;
        }
        if (now - windowStart >= WINDOW.toNanos()) {
            windowStart = now;
            counts.clear();
        }
        return counts.merge(client, 1, Integer::sum) <= SHARE;
    }

    /** Says that nothing waits any more. */
    void pause() {
        row = 0;
    }
}
