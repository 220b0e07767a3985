package io.jnet.engine.resolve;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.engine.store.StateStore;
import java.util.List;

/** The state's records, for what answers names. */
public record StoredDirectory(StateStore store) implements Directory {
    @Override
    public long generation() {
        return store.generation();
    }

    @Override
    public List<Network> networks() {
        return store.read(state -> state.networks());
    }

    @Override
    public List<Endpoint> endpoints() {
        return store.read(state -> state.endpoints());
    }
}
