package io.jnet.dns.forward;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which servers failed lately: these are asked last. */
final class Blame {
    private final long duration;
    private final Map<InetSocketAddress, Long> until = new HashMap<>();

    /**
     * @param duration in milliseconds
     */
    Blame(long duration) {
        this.duration = duration;
    }

    void failed(InetSocketAddress server, long now) {
        until.put(server, now + duration);
    }

    void answered(InetSocketAddress server) {
        until.remove(server);
    }

    /** The servers in the order in which they are asked. */
    List<InetSocketAddress> order(List<InetSocketAddress> servers, long now) {
        if (until.isEmpty()) {
            return servers;
        }
        until.values().removeIf(end -> end <= now);
        List<InetSocketAddress> order = new ArrayList<>(servers);
        order.removeIf(until::containsKey);
        servers.stream().filter(until::containsKey).forEach(order::add);
        return order;
    }
}
