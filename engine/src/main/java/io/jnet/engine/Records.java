package io.jnet.engine;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.store.StateStore;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The records of the state in the order in which people see them, and found by what people call them. */
final class Records {
    private final StateStore store;

    Records(StateStore store) {
        this.store = store;
    }

    List<Network> networks() {
        return store.read(state -> state.networks()).stream()
                .sorted(Comparator.comparing(Network::displayName))
                .toList();
    }

    /** See {@link Engine#network}. */
    Network network(String reference) {
        List<Network> all = networks();
        // A name may be another network's whole id; who gives an id means that network.
        return exact(reference, all, Records::id)
                .or(() -> exact(reference, all, network -> network.spec().name().orElse("")))
                .orElseGet(() -> unique("network", reference, all, Records::id));
    }

    List<Endpoint> endpoints() {
        return store.read(state -> state.endpoints()).stream()
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> endpoint.spec().network())
                        .thenComparing(Endpoint::id))
                .toList();
    }

    /** See {@link Engine#endpoint}. */
    Endpoint endpoint(String reference) {
        List<Endpoint> all = endpoints();
        return exact(reference, all, Records::id).orElseGet(() -> unique("endpoint", reference, all, Records::id));
    }

    /** Whether something is being removed, or a network is being made. */
    boolean areHalfDone() {
        return store.read(state -> state.networks().stream().anyMatch(network -> network.state() != NetworkState.READY)
                || state.endpoints().stream().anyMatch(endpoint -> endpoint.state() == EndpointState.DELETING));
    }

    Optional<Endpoint> find(EndpointId id) {
        return store.read(state -> state.endpoint(id));
    }

    private static String id(Network network) {
        return network.id().value();
    }

    private static String id(Endpoint endpoint) {
        return endpoint.id().value();
    }

    private static <T> Optional<T> exact(String reference, List<T> all, Function<T, String> called) {
        return all.stream()
                .filter(one -> !reference.isEmpty() && called.apply(one).equals(reference))
                .findFirst();
    }

    private static <T> T unique(String kind, String reference, List<T> all, Function<T, String> id) {
        List<T> matches = all.stream()
                .filter(one -> !reference.isEmpty() && id.apply(one).startsWith(reference))
                .toList();
        if (matches.isEmpty()) {
            throw EngineException.notFound("no " + kind + " \"" + Printable.of(reference) + "\"");
        }
        if (matches.size() > 1) {
            throw EngineException.conflict(kind + " \"" + Printable.of(reference) + "\" is ambiguous: " + matches.size()
                    + " ids begin with it");
        }
        return matches.get(0);
    }
}
