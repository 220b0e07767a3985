package io.jnet.testbed.supervision;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which of many steps a test tries, counted from 1: all with {@code -Djnet.long=true}; else some that are tried each day, and of the others every so
 * many, another part of them each day, so that none is left out for long. {@code -Djnet.day=20788} tries those of that day, by its number since 1970.
 *
 * @param daily those that are tried each day
 * @param first the first of the others
 * @param distance from one of the others to the next
 * @param day the number of the day
 */
public record Turn(Set<Integer> daily, int first, int distance, long day) {
    private static final int ENDLESS = 1000;

    public Turn {
        daily = Set.copyOf(daily);
    }

    /**
     * Today's, or those of the day that the tests are told.
     *
     * @param usually from one step to the next; after as many days each had its turn
     */
    public static Turn ofToday(int usually) {
        int distance = Boolean.getBoolean("jnet.long") ? 1 : usually;
        long day = Long.getLong("jnet.day", LocalDate.now(ZoneOffset.UTC).toEpochDay());
        return new Turn(Set.of(), 1 + (int) (day % distance), distance, day);
    }

    /** The same of something that has but so many steps: it begins at one that there is. */
    public Turn within(int count) {
        return new Turn(daily, 1 + (first - 1) % Math.max(1, count), distance, day);
    }

    /** The same, and steps that are tried each day. */
    public Turn with(Set<Integer> steps) {
        return new Turn(steps, first, distance, day);
    }

    /** The steps, more than anything has. */
    public IntStream steps() {
        return IntStream.range(1, ENDLESS).filter(this::isTried);
    }

    private boolean isTried(int step) {
        return daily.contains(step) || (step >= first && (step - first) % distance == 0);
    }

    /** Whether all are tried, each day. */
    public boolean isWhole() {
        return distance == 1;
    }

    /** One of two things to do at a step, if only one can be done: each step has the other one when its turn comes again. */
    public boolean isEven(int step) {
        boolean isDaily = daily.contains(step);
        long rank = steps().takeWhile(earlier -> earlier < step)
                .filter(earlier -> daily.contains(earlier) == isDaily)
                .count();
        return (rank + (isDaily ? day : day / distance)) % 2 == 0;
    }

    /** How many are tried before this one. */
    public int triedBefore(int step) {
        return (int) steps().takeWhile(earlier -> earlier < step).count();
    }

    /** How many steps there are, when this one is the first that there is not. */
    public String count(int step) {
        return isWhole() ? String.valueOf(step - 1) : "fewer than " + step;
    }
}
