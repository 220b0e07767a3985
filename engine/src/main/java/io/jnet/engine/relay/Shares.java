package io.jnet.engine.relay;

import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.HashMap;
import java.util.Map;

/**
 * How many places each neighbour has, so that none can take them all. A neighbour is an IPv4 address, or an IPv6 network of 64 bits, of
 * which one machine can have all addresses. The host itself is not counted.
 */
final class Shares {
    private static final int NETWORK_LENGTH = 64;

    private final int most;
    private final Map<IpPrefix, Integer> taken = new HashMap<>();

    Shares(int most) {
        this.most = most;
    }

    /** Takes a place for a client, when its neighbour has one left. */
    boolean take(IpAddress client) {
        if (client.isLoopback()) {
            return true;
        }
        IpPrefix neighbour = neighbour(client);
        int places = taken.getOrDefault(neighbour, 0);
        if (places < most) {
            taken.put(neighbour, places + 1);
        }
        return places < most;
    }

    void giveBack(IpAddress client) {
        if (!client.isLoopback()) {
            taken.computeIfPresent(neighbour(client), (neighbour, places) -> places == 1 ? null : places - 1);
        }
    }

    /** Whether two addresses are one neighbour's. */
    static boolean isNeighbour(IpAddress one, IpAddress other) {
        return !one.isLoopback() && !other.isLoopback() && neighbour(one).equals(neighbour(other));
    }

    private static IpPrefix neighbour(IpAddress client) {
        int length = client.family() == AddressFamily.INET ? client.family().addressBits() : NETWORK_LENGTH;
        return new IpPrefix(client, length).network();
    }
}
