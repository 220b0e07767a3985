package io.jnet.testbed.supervision;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.IntStream;

/**
 * Which of many steps a test tries, counted from 1: all with {@code -Djnet.long=true}; else every so many, and another part of them each day, so
 * that none is left out for long. {@code -Djnet.day=20788} tries those of that day, by its number since 1970.
 *
 * @param first the first of them
 * @param distance from one to the next
 * @param round how often each step has had its turn
 */
public record Turn(int first, int distance, long round) {
    private static final int ENDLESS = 1000;

    /**
     * Today's, or those of the day that the tests are told.
     *
     * @param usually from one step to the next; after as many days each had its turn
     */
    public static Turn ofToday(int usually) {
        int distance = Boolean.getBoolean("jnet.long") ? 1 : usually;
        long day = Long.getLong("jnet.day", LocalDate.now(ZoneOffset.UTC).toEpochDay());
        return new Turn(1 + (int) (day % distance), distance, day / distance);
    }

    /** The same of something that has but so many steps: it begins at one that there is. */
    public Turn within(int count) {
        return new Turn(1 + (first - 1) % Math.max(1, count), distance, round);
    }

    /** The steps, more than anything has. */
    public IntStream steps() {
        return IntStream.iterate(first, step -> step < ENDLESS, step -> step + distance);
    }

    /** Whether all are tried, each day. */
    public boolean isWhole() {
        return distance == 1;
    }

    /** One of two things to do at a step, if only one can be done: each step has the other one when its turn comes again. */
    public boolean isEven(int step) {
        return (triedBefore(step) + round) % 2 == 0;
    }

    /** How many were tried before this one. */
    public int triedBefore(int step) {
        return (step - first) / distance;
    }

    /** How many steps there are, when this one is the first that there is not. */
    public String count(int step) {
        return isWhole() ? String.valueOf(step - 1) : "fewer than " + step;
    }
}
