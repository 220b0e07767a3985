package io.jnet.dns.forward;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for answers of others at the moment, and on whose account: one cannot take what all others have. Who begins a question costs a socket and
 * others' time; who joins one that waits already costs some memory, and is let do so more often.
 */
final class Outstanding {
    /** Questions of all. */
    static final int MOST = 1000;

    private static final int MOST_OF_ONE = 100;
    /** Some 4 MB, with the longest names. */
    private static final int MOST_JOINED = 4000;

    private static final int MOST_JOINED_OF_ONE = 1000;

    private final Share begun = new Share(MOST, MOST_OF_ONE);
    private final Share joined = new Share(MOST_JOINED, MOST_JOINED_OF_ONE);
    /** How many wait for each question. */
    private final Map<Object, Integer> waiting = new HashMap<>();

    /** A share of what there is, for each account so much. */
    private static final class Share {
        private final int most;
        private final int mostOfOne;
        private final Map<Object, Integer> accounts = new HashMap<>();
        private int all;

        Share(int most, int mostOfOne) {
            this.most = most;
            this.mostOfOne = mostOfOne;
        }

        boolean take(Object account) {
            int own = accounts.getOrDefault(account, 0);
            if (all >= most || own >= mostOfOne) {
                return false;
            }
            accounts.put(account, own + 1);
            all++;
            return true;
        }

        void giveBack(Object account) {
            accounts.computeIfPresent(account, (key, own) -> own == 1 ? null : own - 1);
            all--;
        }
    }

    /** The place of one who waits. */
    static final class Place {
        private final Object question;
        private final Object account;
        private Share share;

        private Place(Object question, Object account, Share share) {
            this.question = question;
            this.account = account;
            this.share = share;
        }
    }

    /** A place of one who waits for a question; empty: there are too many. */
    synchronized Optional<Place> take(Object question, Object account) {
        // Who finds no room to join is no worse off than who begins.
        boolean joins = waiting.containsKey(question) && joined.take(account);
        if (!joins && !begun.take(account)) {
            return Optional.empty();
        }
        waiting.merge(question, 1, Integer::sum);
        return Optional.of(new Place(question, account, joins ? joined : begun));
    }

    /** Makes the place one of who begins the question, where there is nothing to join any more; false: there are too many. */
    synchronized boolean begin(Place place) {
        if (place.share == begun) {
            return true;
        }
        if (!begun.take(place.account)) {
            return false;
        }
        joined.giveBack(place.account);
        place.share = begun;
        return true;
    }

    /** Gives a place back. */
    synchronized void giveBack(Place place) {
        place.share.giveBack(place.account);
        waiting.computeIfPresent(place.question, (key, count) -> count == 1 ? null : count - 1);
        if (waiting.isEmpty()) {
            notifyAll();
        }
    }

    /** Waits until nobody waits; false: the time was up before. */
    synchronized boolean awaitNone(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); !waiting.isEmpty() && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return waiting.isEmpty();
    }
}
