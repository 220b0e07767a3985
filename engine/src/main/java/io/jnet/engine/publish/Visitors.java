package io.jnet.engine.publish;

import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.relay.Visitor;
import io.jnet.engine.store.StateStore;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Who may use a port that the daemon serves: everybody from outside whom {@code publish.policy} lets in, those on bridges of others among
 * them, and everybody on the host but containers of internal networks, which reach the host at their gateway's address and are not to get
 * out through it. The rules of the kernel keep them from translated ports; and they see to it that what is told here of the sender is true.
 */
public final class Visitors implements BiPredicate<EndpointSpec, Visitor> {
    private final StateStore store;
    private final PublishPolicy ceiling;

    public Visitors(StateStore store, PublishPolicy ceiling) {
        this.store = store;
        this.ceiling = ceiling;
    }

    @Override
    public boolean test(EndpointSpec endpoint, Visitor visitor) {
        List<Network> networks = store.read(state -> state.networks());
        String link = visitor.link() == 0 ? "" : linkName(visitor.link());
        List<Network> from = networks.stream()
                .filter(network -> isOf(network, visitor, link))
                .toList();
        if (from.stream().anyMatch(network -> network.spec().flags().contains(NetworkFlag.INTERNAL))) {
            return false;
        }
        if (from.stream().anyMatch(network -> network.adopted().isEmpty())) {
            return true;
        }
        PublishPolicy policy = networks.stream()
                .filter(network -> network.id().equals(endpoint.network()))
                .map(network -> network.spec().exterior().publish())
                .reduce(ceiling.and(endpoint.publish()), PublishPolicy::and);
        return policy.admits(visitor.address()) || isOfHost(visitor);
    }

    private static boolean isOf(Network network, Visitor visitor, String link) {
        return network.bridge().value().equals(link)
                || network.spec().subnets().stream()
                        .anyMatch(subnet -> subnet.prefix().contains(visitor.address()));
    }

    private static boolean isOfHost(Visitor visitor) {
        try {
            InetAddress address = InetAddress.getByAddress(visitor.address().bytes());
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (UnknownHostException | SocketException unknown) {
            return false;
        }
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
