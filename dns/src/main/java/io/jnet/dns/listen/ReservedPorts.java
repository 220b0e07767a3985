package io.jnet.dns.listen;

import io.jnet.engine.network.NetworkId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The ports that resolvers of networks listen at: of those that only root may have the last ones, from which programs of root choose one when
 * they need any (bindresvport(3)). The ruleset leads there also while no daemon runs, so they must not be for everybody.
 */
public final class ReservedPorts {
    private static final int FIRST = 900;
    private static final int LAST = 1023;
    /** Of services that may start later: rndc, and what once was TLS beside a plain port. */
    private static final Set<Integer> WELL_KNOWN = Set.of(921, 953, 989, 990, 992, 993, 994, 995);

    private static final List<Integer> ALL = IntStream.rangeClosed(FIRST, LAST)
            .boxed()
            .filter(port -> !WELL_KNOWN.contains(port))
            .toList();

    private ReservedPorts() {}

    /** The one of a network, the same after each start: flows of UDP are translated to it on. */
    public static int of(NetworkId network) {
        return ALL.get(Math.floorMod(network.value().hashCode(), ALL.size()));
    }

    /** All of them, that of a network and those behind it first. */
    static List<Integer> from(NetworkId network) {
        List<Integer> ports = new ArrayList<>(ALL);
        Collections.rotate(ports, -ALL.indexOf(of(network)));
        return ports;
    }
}
