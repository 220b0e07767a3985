package io.jnet.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a person should know of this run of the daemon: one line each. Thread-safe. */
final class Notes {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void add(String line) {
        lines.add(line);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
