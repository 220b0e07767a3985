package io.jnet.dns.listen;

/**
 * Whether a thread looks again at once instead of going to sleep. A client that asks one question after the other asks the next sooner than a
 * sleeping thread is woken; but a thread that looks in vain takes a processor from others. So it looks for some microseconds, and only while
 * questions come that fast. Times are in nanoseconds, of one clock. Used by one thread.
 */
final class BusyPolling {
    /** How long it looks before it sleeps after all. */
    static final long LONGEST = 60_000;
    /** A pause as short as this, with being woken in it, is one that looking would have ended. */
    static final long SHORT = 100_000;

    static final int SHORT_IN_A_ROW = 16;
    static final int VAIN_IN_A_ROW = 2;

    private long paused;
    private boolean worthwhile;
    private int shortPauses;
    private int vainLooks;

    /** Whether to look, rather than to sleep. */
    boolean looks(long now) {
        if (!worthwhile || now - paused < LONGEST) {
            return worthwhile;
        }
        vainLooks++;
        worthwhile = vainLooks < VAIN_IN_A_ROW;
        return false;
    }

    /** Something has happened, which ends the pause. */
    void found(long now) {
        long pause = now - paused;
        if (worthwhile) {
            vainLooks = pause < LONGEST ? 0 : vainLooks;
            return;
        }
        shortPauses = pause < SHORT ? shortPauses + 1 : 0;
        if (shortPauses == SHORT_IN_A_ROW) {
            worthwhile = true;
            shortPauses = 0;
            vainLooks = 0;
        }
    }

    /** All of it is done: a pause begins. */
    void pause(long now) {
        paused = now;
    }
}
