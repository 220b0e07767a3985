package io.jnet.daemon.trace;

import io.jnet.netlink.nftables.BaseChain;
import io.jnet.netlink.nftables.TraceEvent;
import io.jnet.netlink.nftables.TracedPacket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * The way of one packet, or of the first answer to it, through the rules.
 *
 * @param steps what was decided, in order, without what led nowhere
 * @param stations the packet at each hook, as it came there
 */
record Journey(List<Step> steps, List<Station> stations) {
    private static final List<String> HOOKS = List.of("prerouting", "input", "forward", "output", "postrouting");

    Journey {
        steps = List.copyOf(steps);
        stations = List.copyOf(stations);
    }

    /** The packet at a hook. */
    record Station(int hook, boolean bridge, TracedPacket packet, OptionalInt in, OptionalInt out) {}

    /** A packet and its answer. */
    record Both(Journey packet, Journey answer) {}

    /** Puts reports in order: those of the first packet of a flow, and of the first answer to it. */
    static Both of(Flow flow, List<TraceEvent> events, List<BaseChain> chains, Function<TraceEvent, String> ruleText) {
        Map<String, Integer> hooks = new HashMap<>();
        chains.forEach(chain -> hooks.put(key(chain.tableName(), chain.chain()), chain.hook()));
        Collector packet = new Collector(hooks, ruleText, Sides.Side.PACKET);
        Collector answer = new Collector(hooks, ruleText, Sides.Side.ANSWER);
        Sides sides = new Sides(flow);
        for (TraceEvent event : events) {
            switch (sides.of(event)) {
                case PACKET -> packet.add(event);
                case ANSWER -> answer.add(event);
                case OTHER -> {}
            }
        }
        return new Both(packet.journey(), answer.journey());
    }

    private static String key(String table, String chain) {
        return table + " " + chain;
    }

    boolean isEmpty() {
        return stations.isEmpty();
    }

    /** Whether the packet came to a hook of the rules for IP. */
    boolean reached(int hook) {
        return stations.stream().anyMatch(station -> !station.bridge() && station.hook() == hook);
    }

    Station last() {
        return stations.get(stations.size() - 1);
    }

    /** The last one of the rules for IP, where it came to them at all. */
    Optional<Station> lastOfIp() {
        return stations.stream().filter(station -> !station.bridge()).reduce((first, second) -> second);
    }

    /** Where it was dropped. */
    Optional<Step> drop() {
        return steps.stream().filter(Step::isDrop).findFirst();
    }

    /** Takes the reports of one side until the same packet is sent again. */
    private static final class Collector {
        private final Map<String, Integer> hooks;
        private final Function<TraceEvent, String> ruleText;
        private final Sides.Side side;
        private final List<Step> steps = new ArrayList<>();
        private final List<Station> stations = new ArrayList<>();
        private final Set<String> entered = new HashSet<>();
        private boolean over;
        private int hook;

        Collector(Map<String, Integer> hooks, Function<TraceEvent, String> ruleText, Sides.Side side) {
            this.hooks = hooks;
            this.ruleText = ruleText;
            this.side = side;
        }

        void add(TraceEvent event) {
            String table = event.family() + " " + event.table();
            String chain = key(table, event.chain());
            if (event.content().isPresent()) {
                over = over || !entered.add(chain);
            }
            // Answers of this host itself may come by no other rules than those that mark them.
            boolean marking = event.table().startsWith(MarkingTable.NAME_PREFIX);
            if (over || (marking && side == Sides.Side.PACKET)) {
                return;
            }
            hook = hooks.getOrDefault(chain, hook);
            event.content()
                    .map(content ->
                            new Station(hook, event.family().equals("bridge"), content, event.in(), event.out()))
                    .ifPresent(stations::add);
            if (marking) {
                return;
            }
            boolean decided = event.kind() == TraceEvent.Kind.POLICY
                    || (event.rule().isPresent() && !event.verdict().toString().equals("continue"));
            if (decided) {
                steps.add(new Step(
                        HOOKS.get(Math.min(hook, HOOKS.size() - 1)),
                        table,
                        event.chain(),
                        ruleText.apply(event),
                        event.verdict().toString()));
            }
        }

        Journey journey() {
            return new Journey(steps, stations);
        }
    }
}
