package io.jnet.engine.work;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** What a person should know of this run of the daemon: one line each. Thread-safe. */
public final class Notes {
    private static final int MOST_EVENTS = 10;

    private final Deque<String> events = new ArrayDeque<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public void add(String line) {
        lines.add(line);
    }

    /** Of something that happens again and again at the will of others: only the last few are kept. */
    public synchronized void addEvent(String line) {
        events.addLast(line);
        if (events.size() > MOST_EVENTS) {
            events.removeFirst();
        }
    }

    public synchronized List<String> lines() {
        return Stream.concat(lines.stream(), events.stream()).toList();
    }
}
