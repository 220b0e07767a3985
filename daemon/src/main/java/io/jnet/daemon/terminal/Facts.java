package io.jnet.daemon.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Names and values, one pair a line, the values aligned. */
public final class Facts {
    private record Fact(String name, String value) {}

    private final List<Fact> facts = new ArrayList<>();

    public void add(String name, String value) {
        facts.add(new Fact(name, Plain.line(value)));
    }

    /** Adds one that stands out. */
    public void add(String name, Colour colour, String value) {
        facts.add(new Fact(name, colour.of(Plain.line(value))));
    }

    public void print(PrintWriter out) {
        int width = facts.stream().mapToInt(fact -> fact.name().length()).max().orElse(0);
        for (Fact fact : facts) {
            out.println(fact.name() + ":" + " ".repeat(width - fact.name().length() + 2) + fact.value());
        }
    }
}
