package io.jnet.firewalld;

import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a policy of firewalld lets through, as far as jnet reads it: its target, its ports and its services. Of rich rules, source ports and
 * protocols nothing is let in; who they alone let in is kept out.
 *
 * @param ingress the zones that packets come from, {@code ANY} for all
 * @param egress the zones that they go to, {@code ANY} for all
 * @param openings what of them is let through
 * @param refuses whether it keeps anybody out, by its target or a rich rule: then nobody knows who is left of those that others let in
 */
record Policy(Set<String> ingress, Set<String> egress, Set<Opening> openings, boolean refuses) {
    private static final String ANY = "ANY";
    private static final Set<String> REFUSALS = Set.of("DROP", "REJECT");

    /**
     * @param protocol the transport protocol
     * @param ports the ports of who is connected to
     */
    record Opening(Protocol protocol, PortRange ports) {}

    Policy {
        ingress = Set.copyOf(ingress);
        egress = Set.copyOf(egress);
        openings = Set.copyOf(openings);
    }

    /**
     * @param target the policy's target: {@code ACCEPT}, {@code CONTINUE}, {@code DROP} or {@code REJECT}
     * @param ports ports and protocols
     * @param services the names of services
     * @param richRules its rich rules
     * @param portsOf the ports of a service
     */
    static Policy of(
            Set<String> ingress,
            Set<String> egress,
            String target,
            List<List<String>> ports,
            List<String> services,
            List<String> richRules,
            Function<String, List<List<String>>> portsOf) {
        List<Opening> openings = new ArrayList<>();
        boolean refuses = REFUSALS.contains(target) || richRules.stream().anyMatch(Policy::isRefusal);
        if (target.equals("ACCEPT")) {
            Arrays.stream(Protocol.values())
                    .map(protocol -> new Opening(protocol, new PortRange(1, PortRange.MAX_PORT)))
                    .forEach(openings::add);
            return new Policy(ingress, egress, Set.copyOf(openings), refuses);
        }
        List<List<String>> all = new ArrayList<>(ports);
        services.forEach(service -> all.addAll(portsOf.apply(service)));
        all.forEach(pair -> opening(pair).ifPresent(openings::add));
        return new Policy(ingress, egress, Set.copyOf(openings), refuses);
    }

    /** {@code rule family="ipv4" source address="192.0.2.0/24" drop}. */
    private static boolean isRefusal(String richRule) {
        return Arrays.stream(richRule.split("\\s+")).anyMatch(word -> REFUSALS.contains(word.toUpperCase(Locale.ROOT)));
    }

    /** Whether it is about packets from one zone to another. */
    boolean isBetween(String from, String to) {
        return (ingress.contains(from) || ingress.contains(ANY)) && (egress.contains(to) || egress.contains(ANY));
    }

    /** {@code 8000-8010} and {@code tcp}. */
    private static Optional<Opening> opening(List<String> portAndProtocol) {
        if (portAndProtocol.size() != 2 || !portAndProtocol.get(0).matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
            return Optional.empty();
        }
        String[] ends = portAndProtocol.get(0).split("-", 2);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        if (first < 1 || last > PortRange.MAX_PORT || first > last) {
            return Optional.empty();
        }
        return Arrays.stream(Protocol.values())
                .filter(protocol -> protocol.text().equals(portAndProtocol.get(1)))
                .findFirst()
                .map(protocol -> new Opening(protocol, new PortRange(first, last)));
    }
}
