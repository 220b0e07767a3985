package io.jnet.dns.listen;

import io.jnet.netlink.address.IpAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The connections of a network: so many at a time, and of each client so many. Of the loop's thread. */
final class TcpPlaces {
    private final Loop loop;
    private final TcpLimits limits;
    private final Backlog backlog;
    private final Set<TcpClient> clients = new LinkedHashSet<>();
    private final Runnable endSilent = this::endSilent;

    TcpPlaces(Loop loop, TcpLimits limits) {
        this.loop = loop;
        this.limits = limits;
        this.backlog = loop.backlog().share();
    }

    /** What the connections have not sent yet; any thread may ask. */
    Backlog backlog() {
        return backlog;
    }

    /** Whether there is a place for one more connection of a client, if need be that of the one that has been idle for longest. */
    boolean makeRoom(IpAddress client) {
        Predicate<TcpClient> same = other -> other.address().equals(client);
        if (clients.stream().filter(same).count() >= limits.client()) {
            return endIdle(same);
        }
        return clients.size() < limits.network() || endIdle(any -> true);
    }

    /** Takes the place. */
    void take(TcpClient client) {
        clients.add(client);
        loop.tick(endSilent);
    }

    /** Gives it back. */
    void giveBack(TcpClient client) {
        clients.remove(client);
        if (clients.isEmpty()) {
            loop.stopTicking(endSilent);
        }
    }

    /** Ends all connections. */
    void endAll() {
        List.copyOf(clients).forEach(TcpClient::end);
    }

    private boolean endIdle(Predicate<TcpClient> which) {
        Optional<TcpClient> oldest = clients.stream()
                .filter(which)
                .filter(TcpClient::isIdle)
                // By age: the clock may be at any number, and pass the largest one.
                .max(Comparator.comparingLong(client -> age(client)));
        oldest.ifPresent(TcpClient::end);
        return oldest.isPresent();
    }

    private void endSilent() {
        Duration patience = limits.silence();
        List.copyOf(clients).stream()
                .filter(client -> age(client) >= patience.toNanos())
                .forEach(TcpClient::end);
    }

    private static long age(TcpClient client) {
        return System.nanoTime() - client.lastProgress();
    }
}
