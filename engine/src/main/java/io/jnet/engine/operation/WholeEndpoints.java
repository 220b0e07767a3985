package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.link.Shaper;
import io.jnet.engine.link.ShapingPlan;
import io.jnet.engine.network.Network;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.work.Locks;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints that are made, joined and published in one go, for runtimes that ask for all of it at once. The state has two changes of it: what
 * is intended, and that it is done. An endpoint of which only the first is there was never heard of.
 */
public final class WholeEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(WholeEndpoints.class);

    private final StateStore store;
    private final Locks locks;
    private final LinkLayer links;
    private final Shaper shaper;
    private final Desired desired;
    private final EndpointOperations endpoints;
    private final PortOperations ports;

    public WholeEndpoints(Parts parts, EndpointOperations endpoints, PortOperations ports) {
        this.store = parts.store();
        this.locks = parts.locks();
        this.links = parts.links();
        this.shaper = parts.shaper();
        this.desired = parts.desired();
        this.endpoints = endpoints;
        this.ports = ports;
    }

    public Endpoint attach(
            EndpointSpec spec,
            AddressDraw draw,
            String sandbox,
            Function<? super List<IpPrefix>, ContainerSide> side,
            List<PortRequest> requests) {
        Wish wish = new Wish(spec, draw, sandbox, side, requests);
        AtomicReference<List<IpPrefix>> taken = new AtomicReference<>(List.of());
        try {
            return attached(wish, false, taken);
        } catch (EngineException refused) {
            if (taken.get().isEmpty()) {
                throw refused;
            }
            boolean evicted = endpoints.evictDead(spec.at(taken.get()));
            return attached(wish, !evicted, taken);
        }
    }

    /** What {@link #attach} is asked for. */
    private record Wish(
            EndpointSpec spec,
            AddressDraw draw,
            String sandbox,
            Function<? super List<IpPrefix>, ContainerSide> side,
            List<PortRequest> requests) {}

    /**
     * @param passingOver whether addresses that would be refused are passed over
     * @param taken is given the addresses where they are refused by the engine's records
     */
    private Endpoint attached(Wish wish, boolean passingOver, AtomicReference<List<IpPrefix>> taken) {
        EndpointSpec spec = wish.spec();
        return endpoints.prepared(
                spec.network(),
                () -> locks.withEndpoint(spec.network(), spec.id(), () -> {
                    Network network = store.read(state -> EndpointOperations.readyNetwork(state, spec.network()));
                    EndpointOperations.requireBridge(network);
                    return make(
                            ports.reserve(network, joining(endpoints.fresh(spec), wish.sandbox()), wish.requests()),
                            (state, planned) -> {
                                Predicate<IpPrefix> refused = address -> passingOver
                                        && !EndpointAddresses.areFree(state, network, spec.at(List.of(address)));
                                EndpointSpec whole = spec.at(wish.draw().draw(state, refused));
                                taken.set(whole.addresses());
                                EndpointAddresses.check(state, network, whole);
                                taken.set(List.of());
                                return joining(endpoints.fresh(whole), wish.sandbox())
                                        .publishing(planned.ports(), planned.open());
                            },
                            endpoint -> endpoints.build(
                                    network,
                                    endpoint,
                                    plan -> plan.into(
                                            wish.side().apply(endpoint.spec().addresses()))),
                            (state, endpoint) ->
                                    wish.draw().attached(state, endpoint.spec().addresses()));
                }));
    }

    public Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> requests) {
        endpoints.evictDead(spec);
        Endpoint fresh = joining(endpoints.fresh(spec, link, Optional.of(way(spec, link))), sandbox);
        return locks.withEndpoint(spec.network(), spec.id(), () -> {
            Network network = store.read(state -> EndpointOperations.readyNetwork(state, spec.network()));
            if (network.hasBridge()) {
                throw EngineException.invalid("network " + network.displayName() + " makes its links itself");
            }
            Optional<ShapingPlan> shaping = desired.shaping(network, fresh);
            shaping.ifPresent(shaper::requireFree);
            return make(
                    ports.reserve(network, fresh, requests),
                    (state, planned) -> {
                        ForeignAddresses.check(state, spec);
                        return planned;
                    },
                    endpoint -> shaping.ifPresent(shaper::shape),
                    (state, endpoint) -> {});
        });
    }

    private static Endpoint joining(Endpoint fresh, String sandbox) {
        return fresh.inSandbox(sandbox).in(EndpointState.JOINING);
    }

    private InterfaceName way(EndpointSpec spec, InterfaceName link) {
        return spec.address(AddressFamily.INET)
                .flatMap(address -> links.towards(address.address()))
                .orElse(link);
    }

    /**
     * @param complete the record of what is planned, with all that the state decides; refuses what contradicts it
     * @param build makes the links
     * @param also changes the state as it is said that all is done
     */
    private Endpoint make(
            PortOperations.Reserved reserved,
            BiFunction<? super StateChange, Endpoint, Endpoint> complete,
            Consumer<Endpoint> build,
            BiConsumer<? super StateChange, Endpoint> also) {
        try {
            Endpoint endpoint = store.write(state -> {
                requireNew(state, reserved.endpoint());
                Endpoint whole = complete.apply(state, reserved.endpoint());
                state.put(whole);
                return whole;
            });
            Endpoint joined = built(reserved.of(endpoint), build, also);
            LOG.atInfo()
                    .addKeyValue("network", joined.spec().network())
                    .addKeyValue("endpoint", joined.id())
                    .addKeyValue("link", joined.hostLink())
                    .addKeyValue("ports", joined.ports().size())
                    .log("attached");
            return joined;
        } catch (RuntimeException e) {
            ports.abandon(reserved);
            throw e;
        }
    }

    private Endpoint built(
            PortOperations.Reserved reserved,
            Consumer<Endpoint> build,
            BiConsumer<? super StateChange, Endpoint> also) {
        Endpoint endpoint = reserved.endpoint();
        try {
            build.accept(endpoint);
            return ports.publish(
                    reserved,
                    () -> store.write(state -> {
                        Endpoint joined = endpoint.in(EndpointState.JOINED);
                        state.put(joined);
                        also.accept(state, joined);
                        return joined;
                    }));
        } catch (RuntimeException e) {
            Teardown undo = new Teardown();
            // Its rules are gone already, or were another's.
            undo.step(() -> endpoints.remove(endpoint.publishing(List.of(), List.of())));
            throw undo.becauseOf(e);
        }
    }

    private static void requireNew(StateView state, Endpoint endpoint) {
        if (state.endpoint(endpoint.id())
                .filter(existing -> existing.state() != EndpointState.DELETING)
                .isPresent()) {
            throw EngineException.conflict("endpoint " + endpoint.id() + " exists already");
        }
    }
}
