package io.jnet.engine;

import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.relay.Visitor;
import io.jnet.engine.store.StateStore;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who may use a port that the daemon serves: everybody but containers of internal networks, which reach the host at their gateway's address
 * and are not to get out through it. The rules of the kernel keep them from translated ports; and they see to it that what is told here of
 * the sender is true.
 */
final class Visitors implements Predicate<Visitor> {
    private final StateStore store;

    Visitors(StateStore store) {
        this.store = store;
    }

    @Override
    public boolean test(Visitor visitor) {
        List<Network> internal = store.read(state -> state.networks()).stream()
                .filter(network -> network.spec().flags().contains(NetworkFlag.INTERNAL))
                .toList();
        if (internal.isEmpty()) {
            return true;
        }
        String link = visitor.link() == 0 ? "" : linkName(visitor.link());
        return internal.stream()
                .noneMatch(network -> network.bridge().value().equals(link)
                        || network.spec().subnets().stream()
                                .anyMatch(subnet -> subnet.prefix().contains(visitor.address())));
    }

    private static String linkName(int index) {
        try {
            NetworkInterface link = NetworkInterface.getByIndex(index);
            return link == null ? "" : link.getName();
        } catch (SocketException vanished) {
            return "";
        }
    }
}
