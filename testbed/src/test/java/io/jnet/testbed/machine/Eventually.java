package io.jnet.testbed.machine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for conditions that another process brings about and does not tell. */
public final class Eventually {
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

    private Eventually() {}

    /**
     * Returns as soon as the condition holds.
     *
     * @param what the condition in words, for the failure
     * @throws IllegalStateException when it does not hold in time
     */
    public static void holds(String what, Duration patience, BooleanSupplier condition) {
        present(what, patience, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Returns the first value that is present.
     *
     * @param what the value in words, for the failure
     * @throws IllegalStateException when there is none in time
     */
    public static <T> T present(String what, Duration patience, Supplier<Optional<T>> source) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long start = System.nanoTime();
            Optional<T> value = source.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("waited %s in vain: %s".formatted(patience, what));
            }
            pauseAfterALookSince(start);
        }
    }

    /** The first value that is as wanted, or the last one when none is in time: for an assertion that shows it. */
    public static <T> T settled(Duration patience, Supplier<T> source, Predicate<T> wanted) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long start = System.nanoTime();
            T value = source.get();
            if (wanted.test(value) || System.nanoTime() >= deadline) {
                return value;
            }
            pauseAfterALookSince(start);
        }
    }

    /** As long as the look took, within bounds: who waits is to leave a processor to what is waited for. */
    private static void pauseAfterALookSince(long start) {
        long took = System.nanoTime() - start;
        LockSupport.parkNanos(Math.max(PAUSE.toNanos(), Math.min(took, LONGEST_PAUSE.toNanos())));
    }
}
