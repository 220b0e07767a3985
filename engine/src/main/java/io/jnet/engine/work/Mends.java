package io.jnet.engine.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps count of what is mended, and the peace with who undoes it: another controller may mean what it does as much as jnet does, and two
 * that correct each other without end would cost the host more than either of them being right. One thread mends; any thread asks.
 */
public final class Mends {
    /** How often one thing is mended within {@link #WINDOW}. */
    public static final int MOST = 5;

    public static final Duration WINDOW = Duration.ofMinutes(1);
    /** How long what was undone once more is left to the other party. */
    public static final Duration TRUCE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Mends.class);

    private final LongSupplier clock;
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final Map<Thing, Deque<Long>> recent = new HashMap<>();
    private final Map<Thing, Truce> truces = new HashMap<>();

    /**
     * @param clock nanoseconds from any beginning, never going back
     */
    public Mends(LongSupplier clock) {
        this.clock = clock;
    }

    /** What others undo. */
    public enum Kind {
        RULESET,
        FORWARD,
        BRIDGE,
        PORT,
        SHAPING;

        /** One thing of the kind. */
        public Thing of(String name) {
            return new Thing(this, name);
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param name which of its kind; what a sentence about it begins with has the kind before it
     */
    public record Thing(Kind kind, String name) {
        @Override
        public String toString() {
            return switch (kind) {
                case RULESET -> "the ruleset";
                case FORWARD -> "jnet's rule in FORWARD of " + name;
                default -> kind.text() + " " + name;
            };
        }
    }

    /**
     * @param story what was done, and by whom
     */
    private record Truce(String story, long end) {}

    /**
     * Mends something, unless it was undone too often.
     *
     * @param undone what was done to it: what follows its name in a sentence
     * @param by the name of the process that did it, where it is known
     * @param work mends it; says whether there was anything to mend after all
     */
    public void mend(Thing thing, String undone, Optional<String> by, BooleanSupplier work) {
        String story = thing + " " + undone + " by " + by.orElse("somebody else");
        if (isLeft(thing) || isWar(thing, story) || !work.getAsBoolean()) {
            return;
        }
        synchronized (this) {
            recent.computeIfAbsent(thing, none -> new ArrayDeque<>()).add(clock.getAsLong());
            counts.merge(thing.kind(), 1, Integer::sum);
        }
        LOG.atWarn()
                .addKeyValue("kind", thing.kind().text())
                .log("{}: {}", story, thing.kind() == Kind.RULESET ? "installed again" : "mended");
    }

    /** Whether it is left to the other party at the moment. */
    public synchronized boolean isLeft(Thing thing) {
        endTruces();
        return truces.containsKey(thing);
    }

    /** How often things of each kind were mended, by the name of the kind; without kinds that never were. */
    public synchronized Map<String, Integer> counts() {
        Map<String, Integer> byName = new TreeMap<>();
        counts.forEach((kind, count) -> byName.put(kind.text(), count));
        return byName;
    }

    /** The same with the kinds that never were. */
    public synchronized Map<String, Integer> allCounts() {
        Map<String, Integer> byName = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            byName.put(kind.text(), counts.getOrDefault(kind, 0));
        }
        return byName;
    }

    /** One line for each thing that is left to the other party at the moment. */
    public synchronized List<String> notes() {
        endTruces();
        return truces.values().stream()
                .map(truce -> truce.story() + " again and again: left as it is for another "
                        + Math.max(
                                1,
                                Duration.ofNanos(truce.end() - clock.getAsLong())
                                        .toSeconds()) + " seconds")
                .sorted()
                .toList();
    }

    /** How long until the first thing that is left is mended again; empty when none is. */
    public synchronized Optional<Duration> untilNext() {
        endTruces();
        return truces.values().stream()
                .map(truce -> Duration.ofNanos(Math.max(0, truce.end() - clock.getAsLong())))
                .min(Duration::compareTo);
    }

    private synchronized boolean isWar(Thing thing, String story) {
        long now = clock.getAsLong();
        recent.values().forEach(times -> times.removeIf(time -> now - time > WINDOW.toNanos()));
        recent.values().removeIf(Deque::isEmpty);
        if (recent.getOrDefault(thing, new ArrayDeque<>()).size() < MOST) {
            return false;
        }
        // Afterwards it begins anew.
        recent.remove(thing);
        truces.put(thing, new Truce(story, now + TRUCE.toNanos()));
        LOG.error("{} more than {} times within a minute: left as it is for a minute", story, MOST);
        return true;
    }

    private void endTruces() {
        long now = clock.getAsLong();
        truces.values().removeIf(truce -> now - truce.end() >= 0);
    }
}
