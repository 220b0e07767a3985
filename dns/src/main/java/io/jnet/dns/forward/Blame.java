package io.jnet.dns.forward;

import io.jnet.dns.message.WireName;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which servers failed lately: these are asked last. One that says nothing of one name may be waiting for that name's own servers; were it blamed for
 * it, whoever asks for such a name would decide who answers everybody. So it is blamed when it says nothing of another name too, and has said
 * nothing at all in between.
 */
final class Blame {
    private final long duration;
    private final Map<InetSocketAddress, Long> until = new HashMap<>();
    private final Map<InetSocketAddress, Long> heard = new HashMap<>();
    /** Of which name a server said nothing, since it was heard last. */
    private final Map<InetSocketAddress, WireName> doubted = new HashMap<>();

    /**
     * @param duration in milliseconds
     */
    Blame(long duration) {
        this.duration = duration;
    }

    /** It cannot be reached. */
    void failed(InetSocketAddress server, long now) {
        until.put(server, now + duration);
    }

    /** It has said nothing of a name for as long as is waited for it. */
    void silent(InetSocketAddress server, WireName name, long asked, long now) {
        if (heard.getOrDefault(server, Long.MIN_VALUE) >= asked) {
            return;
        }
        WireName before = doubted.putIfAbsent(server, name);
        if (before != null && !before.equals(name)) {
            failed(server, now);
        }
    }

    /** It has said something, if only that it does not know. */
    void heard(InetSocketAddress server, long now) {
        heard.put(server, now);
        doubted.remove(server);
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
