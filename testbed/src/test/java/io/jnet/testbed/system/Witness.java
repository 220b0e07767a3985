package io.jnet.testbed.system;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Counts the packets that come to a place, in a table of nftables of its own. */
final class Witness {
    /** A frame passes a veth pair and a bridge while its sender still runs; this is for a machine that is busy. */
    private static final Duration SILENCE = Duration.ofMillis(300);
    /** For frames that must come. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Pattern COUNTED = Pattern.compile("counter packets [1-9]\\d* bytes \\d+ comment \"([^\"]+)\"");

    private final Function<List<String>, CommandResult> place;
    private final String family;
    private final String hook;

    private Witness(Function<List<String>, CommandResult> place, String family, String hook) {
        this.place = place;
        this.family = family;
        this.hook = hook;
    }

    /** On a host, right behind what jnet drops before routing. */
    static Witness behindTheRulesOf(Machine host) {
        return new Witness(host::run, "inet", "type filter hook prerouting priority -290");
    }

    /** In a container, at one of its interfaces, before anything looks at the frame. */
    static Witness in(Container container, String link) {
        return new Witness(
                command -> container.inNetwork(command.toArray(String[]::new)),
                "netdev",
                "type filter hook ingress device " + link + " priority 0");
    }

    /** Which of the forgeries arrive here when a container sends them all and none should, by what they pretend. */
    List<String> heard(Container sender, String link, List<Forgery> forgeries) {
        return heard(sender, link, forgeries, SILENCE);
    }

    /** {@link #heard} when all of them should: there is more time for it. */
    List<String> awaited(Container sender, String link, List<Forgery> forgeries) {
        return heard(sender, link, forgeries, PATIENCE);
    }

    private List<String> heard(Container sender, String link, List<Forgery> forgeries, Duration patience) {
        StringBuilder rules =
                new StringBuilder("add table %s witness { chain counters { %s ; ".formatted(family, hook));
        forgeries.forEach(
                forgery -> rules.append("%s counter comment \"%s\" ; ".formatted(forgery.match(), forgery.what())));
        nft(rules + "} ; }");
        try {
            Forgery.send(sender, link, forgeries);
            return counted(forgeries.size(), patience);
        } finally {
            nft("delete table %s witness".formatted(family));
        }
    }

    private List<String> counted(int wanted, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> heard = new ArrayList<>();
        do {
            heard.clear();
            String table = nft("list table %s witness".formatted(family));
            for (MatchResult rule : COUNTED.matcher(table).results().toList()) {
                heard.add(rule.group(1));
            }
        } while (heard.size() < wanted && System.nanoTime() < end);
        return heard;
    }

    private String nft(String command) {
        return place.apply(List.of("nft", command)).orThrow().output();
    }
}
