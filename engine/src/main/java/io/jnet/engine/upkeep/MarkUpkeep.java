package io.jnet.engine.upkeep;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.link.LinkMark;
import io.jnet.engine.link.MarkedLink;
import io.jnet.engine.link.MarkedLinks;
import io.jnet.engine.network.Network;
import io.jnet.engine.plan.EndpointParticulars;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.store.StateStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the marks of links to what they should say: those that outlived the version that made them, and those of endpoints whose ports came later.
 * A mark that cannot be changed keeps nothing from working: an adoption of a lost state would know less.
 */
public final class MarkUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(MarkUpkeep.class);

    private final StateStore store;
    private final Naming naming;
    private final MarkedLinks links;

    public MarkUpkeep(StateStore store, Naming naming, MarkedLinks links) {
        this.store = store;
        this.naming = naming;
        this.links = links;
    }

    /** Has an endpoint's mark say what the rules do not tell of its ports; asks the kernel nothing where that is nothing. */
    public void followPorts(EndpointId id) {
        boolean concerned = store.read(state -> state.endpoint(id))
                .filter(endpoint -> endpoint.ports().stream()
                        .anyMatch(binding -> EndpointParticulars.isOfSingleFamily(endpoint.spec(), binding)))
                .isPresent();
        if (concerned) {
            follow();
        }
    }

    /** All marks. */
    public void follow() {
        try {
            change();
        } catch (EngineException refused) {
            LOG.warn("cannot bring the marks of links up to date: {}", refused.getMessage());
        }
    }

    private void change() {
        Map<String, Network> networks = store.read(state -> state.networks()).stream()
                .collect(Collectors.toMap(network -> network.id().value(), Function.identity()));
        Map<String, Endpoint> endpoints = store.read(state -> state.endpoints()).stream()
                .collect(Collectors.toMap(endpoint -> endpoint.id().value(), Function.identity()));
        if (networks.isEmpty()) {
            return;
        }
        for (MarkedLink link : links.inPlace()) {
            wanted(link, networks, endpoints)
                    .filter(alias -> !alias.equals(link.mark().alias()))
                    .ifPresent(alias -> links.mark(link, alias));
        }
    }

    private Optional<String> wanted(MarkedLink link, Map<String, Network> networks, Map<String, Endpoint> endpoints) {
        LinkMark mark = link.mark();
        if (!mark.instance().equals(naming.instance())) {
            return Optional.empty();
        }
        if (mark.owner() == LinkMark.Owner.NETWORK) {
            return Optional.ofNullable(networks.get(mark.id()))
                    .filter(network -> network.bridge().equals(link.name()))
                    .map(naming::alias);
        }
        return Optional.ofNullable(endpoints.get(mark.id()))
                .filter(endpoint -> endpoint.hostLink().equals(link.name()) && !endpoint.isOnForeignLink())
                .flatMap(endpoint -> Optional.ofNullable(
                                networks.get(endpoint.spec().network().value()))
                        .map(network -> naming.alias(network, endpoint)));
    }
}
