package io.jnet.engine.rebuild;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.store.StateChange;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the state has to become to be the one of what is here.
 *
 * @param instance the identity that it takes
 * @param networks records to be made, or made anew
 * @param endpoints records to be made, or made anew
 * @param settings what the lost state had changed on the host
 * @param goneNetworks records of what is not there any more
 * @param goneEndpoints records of what is not there any more
 * @param unknown what nothing in the kernel shows, a line each
 * @param unproven what carries the state's mark, or is in its ruleset, and belongs to nothing that can be rebuilt; a line each
 */
record RebuildPlan(
        String instance,
        List<Network> networks,
        List<Endpoint> endpoints,
        List<ChangedSetting> settings,
        List<NetworkId> goneNetworks,
        List<EndpointId> goneEndpoints,
        List<String> unknown,
        List<String> unproven) {

    RebuildPlan {
        networks = List.copyOf(networks);
        endpoints = List.copyOf(endpoints);
        settings = List.copyOf(settings);
        goneNetworks = List.copyOf(goneNetworks);
        goneEndpoints = List.copyOf(goneEndpoints);
        unknown = List.copyOf(unknown);
        unproven = List.copyOf(unproven);
    }

    /** Makes the state that, in one transaction of the caller's. What goes does so first: others may have its addresses by now. */
    void apply(StateChange state, String namespace) {
        goneEndpoints.forEach(state::remove);
        goneNetworks.forEach(state::remove);
        state.put(state.identity().of(instance).in(namespace));
        networks.forEach(state::put);
        endpoints.forEach(state::put);
        settings.forEach(state::put);
    }

    Rebuilt report(List<String> removed) {
        return new Rebuilt(
                instance,
                Stream.concat(
                                networks.stream().map(network -> "network " + network.displayName()),
                                endpoints.stream().map(endpoint -> "endpoint " + endpoint.id()))
                        .toList(),
                Stream.concat(
                                goneNetworks.stream().map(network -> "network " + network),
                                goneEndpoints.stream().map(endpoint -> "endpoint " + endpoint))
                        .toList(),
                unknown,
                removed);
    }
}
