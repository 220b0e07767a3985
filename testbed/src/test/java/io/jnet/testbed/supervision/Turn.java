package io.jnet.testbed.supervision;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.IntStream;

/**
 * Which of many steps a test tries, counted from 1: all with {@code -Djnet.long=true}; else every so many, and another part of them each day, so
 * that none is left out for long.
 *
 * @param first the first of them
 * @param distance from one to the next
 */
public record Turn(int first, int distance) {
    private static final int ENDLESS = 1000;

    /**
     * Today's.
     *
     * @param usually from one to the next; after as many days each had its turn
     */
    public static Turn ofToday(int usually) {
        int distance = Boolean.getBoolean("jnet.long") ? 1 : usually;
        return new Turn(1 + (int) (LocalDate.now(ZoneOffset.UTC).toEpochDay() % distance), distance);
    }

    /** The steps, more than anything has. */
    public IntStream steps() {
        return IntStream.iterate(first, step -> step < ENDLESS, step -> step + distance);
    }

    /** How many were tried before this one. */
    public int triedBefore(int step) {
        return (step - first) / distance;
    }

    /** How many steps there are, when this one is the first that there is not. */
    public String count(int step) {
        return distance == 1 ? String.valueOf(step - 1) : "fewer than " + step;
    }
}
