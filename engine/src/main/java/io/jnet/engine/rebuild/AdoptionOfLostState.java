package io.jnet.engine.rebuild;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.forwarding.LostForwarding;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.plan.Naming;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.surroundings.HostConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Makes the records of a lost state again, all in one transaction or none. */
public final class AdoptionOfLostState {
    private final StateStore store;
    private final Naming naming;
    private final HostConnection host;
    private final UnrecordedObjects unrecordedObjects;
    private final PublishPolicy ceiling;

    public AdoptionOfLostState(
            StateStore store,
            Naming naming,
            HostConnection host,
            UnrecordedObjects unrecordedObjects,
            PublishPolicy ceiling) {
        this.ceiling = ceiling;
        this.store = store;
        this.naming = naming;
        this.host = host;
        this.unrecordedObjects = unrecordedObjects;
    }

    /**
     * @param asked whose objects; empty: of the one instance that there is
     * @param completeness whether what cannot be proven is removed, or keeps all from being done
     * @param listener is told the endpoints of the state within the transaction
     */
    Rebuilt run(Optional<String> asked, Completeness completeness, BiConsumer<StateChange, List<Endpoint>> listener) {
        String instance = instance(asked);
        requireTakeOver(instance);
        StateRebuild rebuild = new StateRebuild(
                host.markedLinks(),
                host.rulesets(),
                new LostForwarding(host.settings()),
                host.links(),
                instance,
                ceiling);
        RebuildPlan plan = store.read(state -> rebuild.plan(state, host.namespace()));
        if (completeness == Completeness.REQUIRED && !plan.unproven().isEmpty()) {
            throw EngineException.conflict(
                    "%s of instance %s cannot be proven to be jnet's: %s%s; nothing was changed; what cannot be adopted is removed with --incomplete"
                            .formatted(
                                    plan.unproven().size() == 1
                                            ? "1 object"
                                            : plan.unproven().size() + " objects",
                                    instance,
                                    plan.unproven().get(0),
                                    plan.unproven().size() == 1 ? "" : ", and others"));
        }
        if (plan.networks().isEmpty()
                && store.read(StateView::networks).size() == plan.goneNetworks().size()) {
            throw EngineException.conflict("no network of instance " + instance
                    + " can be adopted: what is left of it is removed with jnet clean --instance " + instance);
        }
        store.changeThrough(state -> {
            if (!state.identity().namespace().equals(host.namespace())) {
                forgetEarlierKernel(state);
            }
            plan.apply(state, host.namespace());
            listener.accept(state, state.endpoints());
        });
        naming.become(instance);
        unrecordedObjects.removeLinks(instance);
        return plan.report(plan.unproven());
    }

    private String instance(Optional<String> asked) {
        List<Unrecorded> found = unrecordedObjects.find();
        if (found.isEmpty()) {
            throw EngineException.notFound(
                    "nothing to adopt: the state in " + store.directory() + " knows all that is here of jnet");
        }
        Set<String> instances = new TreeSet<>();
        found.forEach(object -> instances.add(object.instance()));
        if (asked.isPresent()) {
            if (!instances.contains(asked.get())) {
                throw EngineException.notFound("nothing of instance \"" + Printable.of(asked.get())
                        + "\" is here that is not recorded: see jnet status");
            }
            return asked.get();
        }
        if (instances.size() > 1) {
            throw EngineException.conflict("objects of " + instances.size()
                    + " instances of jnet are here: choose one with --instance ID, see jnet status");
        }
        return instances.iterator().next();
    }

    /** Names and MAC addresses follow from the identity, so two states cannot be one. */
    private void requireTakeOver(String instance) {
        store.read(state -> {
            boolean hasOwn = !state.networks().isEmpty()
                    || !state.endpoints().isEmpty()
                    || !state.changedSettings().isEmpty();
            if (!instance.equals(state.identity().instance()) && hasOwn) {
                throw EngineException.conflict("the state in " + store.directory() + " is instance "
                        + state.identity().instance()
                        + " and has networks of its own: only an empty one, or a copy of the one of instance "
                        + instance + ", can adopt what is here");
            }
            return state;
        });
    }

    /** The copy is of an earlier boot: what it knows of the kernel of that time is over. */
    private static void forgetEarlierKernel(StateChange state) {
        new ArrayList<>(state.changedSettings()).forEach(state::remove);
        state.networks().forEach(network -> network.adopted()
                .ifPresent(adoption -> state.put(network.adopting(adoption.gone()))));
    }
}
