package io.jnet.engine.relay;

import io.jnet.netlink.address.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The places of UDP clients. The source of a datagram may be forged, so whoever comes is let in, and where no place is left the client goes that has
 * said nothing for longest: one that goes on speaking stays.
 */
final class ClientPlaces {
    private static final float LOAD = 0.75f;
    private static final int CAPACITY = 16;

    private final int most;
    private final Shares shares;
    /** The one that has said nothing for longest first. */
    private final Map<UdpClient, Holder> holders = new LinkedHashMap<>(CAPACITY, LOAD, true);

    /**
     * @param most how many there are
     * @param share how many of them a neighbour may have
     */
    ClientPlaces(int most, int share) {
        this.most = most;
        this.shares = new Shares(share);
    }

    /** @param forget gives the place back */
    private record Holder(IpAddress address, Runnable forget) {}

    /**
     * Gives a client a place: where its neighbour has all that it may have, one of these.
     *
     * @param forget has the client forgotten, and so gives its place back
     * @return whether another one has lost it
     */
    boolean take(UdpClient client, IpAddress address, Runnable forget) {
        boolean fits = shares.take(address);
        if (!fits) {
            forgetFirst(holder -> Shares.isNeighbour(holder.address(), address));
            shares.take(address);
        }
        boolean free = holders.size() < most;
        if (!free) {
            forgetFirst(holder -> true);
        }
        holders.put(client, new Holder(address, forget));
        return !fits || !free;
    }

    /** It has said something. */
    void heard(UdpClient client) {
        holders.get(client);
    }

    /** It has been forgotten. */
    void giveBack(UdpClient client) {
        Holder holder = holders.remove(client);
        if (holder != null) {
            shares.giveBack(holder.address());
        }
    }

    private void forgetFirst(Predicate<Holder> which) {
        holders.values().stream().filter(which).findFirst().ifPresent(holder -> holder.forget()
                .run());
    }
}
