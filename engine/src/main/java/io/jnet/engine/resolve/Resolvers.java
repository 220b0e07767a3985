package io.jnet.engine.resolve;

import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.firewall.MovedResolver;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Where names are answered: at the bridges of networks that want it, at a port that the rules lead to from 53. */
public final class Resolvers {
    private final StateStore store;
    private final Firewall firewall;
    private final NameService names;
    /** What the rules were told; empty: perhaps something else, since that failed. */
    private Optional<List<MovedResolver>> installed = Optional.of(List.of());

    public Resolvers(StateStore store, Firewall firewall, NameService names) {
        this.store = store;
        this.firewall = firewall;
        this.names = names;
    }

    /** Answers on a network's bridge, which has just been made, or made anew. */
    public void serve(Network network) {
        if (network.nameServers().isEmpty()) {
            return;
        }
        names.serve(network);
        follow();
    }

    /**
     * Listens on a network's bridge, which is there and is to be left as it is, before the rules are looked at: they need not forget for a moment
     * where it listened before.
     */
    public void resume(Network network) {
        if (!network.nameServers().isEmpty()) {
            names.serve(network);
        }
    }

    /** Listens where it could not before. */
    public void serveMissing() {
        for (Network network : store.read(state -> state.networks())) {
            boolean wanted = network.state() == NetworkState.READY
                    && !network.nameServers().isEmpty();
            if (names != NameService.NONE && wanted && names.port(network.id()).isEmpty()) {
                serve(network);
            }
        }
    }

    /** Does not answer there any more. */
    public void stop(NetworkId network) {
        names.stop(network);
        follow();
    }

    /** The addresses at which a network's containers ask; none where nobody answers. */
    public List<IpAddress> nameServers(Network network) {
        return names.port(network.id()).isPresent() ? network.nameServers() : List.of();
    }

    /** Those that listen at another port than 53; nothing where this process answers none, and a daemon may. */
    public Optional<List<MovedResolver>> moved() {
        return names == NameService.NONE ? Optional.empty() : Optional.of(here());
    }

    private List<MovedResolver> here() {
        List<MovedResolver> moved = new ArrayList<>();
        for (Network network : store.read(state -> state.networks())) {
            OptionalInt port = names.port(network.id());
            if (network.state() != NetworkState.DELETING && port.isPresent() && port.getAsInt() != NameServer.PORT) {
                network.nameServers()
                        .forEach(address -> moved.add(new MovedResolver(network.bridge(), address, port.getAsInt())));
            }
        }
        return moved;
    }

    public List<String> notes() {
        return names.notes();
    }

    public void close() {
        names.close();
    }

    private synchronized void follow() {
        List<MovedResolver> now = here();
        if (names != NameService.NONE && !installed.equals(Optional.of(now))) {
            installed = Optional.empty();
            firewall.setMovedResolvers(now);
            installed = Optional.of(now);
        }
    }
}
