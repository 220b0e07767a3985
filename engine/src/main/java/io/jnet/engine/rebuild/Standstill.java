package io.jnet.engine.rebuild;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.store.StateChange;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.store.StateView;
import io.jnet.engine.work.Locks;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As long as there is something of jnet on the host that the state knows nothing of, the engine does not begin: nothing is changed before somebody has
 * adopted it or had it removed. Both are done with the host held.
 */
public final class Standstill {
    private static final Logger LOG = LoggerFactory.getLogger(Standstill.class);

    private final StateStore store;
    private final Locks locks;
    private final UnrecordedObjects objects;
    private final AdoptionOfLostState adoption;
    private final Runnable begin;
    private volatile List<Unrecorded> unrecorded = List.of();
    private volatile BiConsumer<StateChange, List<Endpoint>> adoptionListener = (state, endpoints) -> {};

    /** @param begin has the engine work */
    public Standstill(
            StateStore store, Locks locks, UnrecordedObjects objects, AdoptionOfLostState adoption, Runnable begin) {
        this.store = store;
        this.locks = locks;
        this.objects = objects;
        this.adoption = adoption;
        this.begin = begin;
    }

    /** Looks at what there is, and has the engine begin when all of it is in the state. */
    public void beginIfAllIsRecorded() {
        List<Unrecorded> found = objects.find();
        if (found.isEmpty()) {
            begin.run();
        } else {
            found.forEach(
                    object -> LOG.warn("not in the state: {} of instance {}", object.object(), object.instance()));
            LOG.error(refusal(found));
        }
        // Last: it lets requests through.
        unrecorded = found;
    }

    /** What is not in the state. */
    public List<Unrecorded> unrecorded() {
        return unrecorded;
    }

    /** See {@code Engine.standstill}. */
    public Optional<String> reason() {
        List<Unrecorded> found = unrecorded;
        return found.isEmpty() ? Optional.empty() : Optional.of(refusal(found));
    }

    /**
     * What has gone by itself meanwhile is no reason: then the engine begins now.
     *
     * @throws EngineException with {@code CONFLICT} and the reason, while it lasts
     */
    public void requireNone() {
        if (!unrecorded.isEmpty()) {
            locks.withHost(this::beginIfAllHasGone);
        }
        reason().ifPresent(refusal -> {
            throw EngineException.conflict(refusal);
        });
    }

    /** Whether there was something, and nothing of it is left. Called with the host held. */
    private boolean beginIfAllHasGone() {
        if (unrecorded.isEmpty() || !objects.find().isEmpty()) {
            return false;
        }
        beginIfAllIsRecorded();
        return unrecorded.isEmpty();
    }

    /** See {@code Engine.clean}; what has gone by itself is not among the answer. */
    public List<Unrecorded> clean(String instance) {
        if (beginIfAllHasGone()) {
            return List.of();
        }
        List<Unrecorded> before = unrecorded;
        objects.remove(instance);
        List<Unrecorded> removed = before.stream()
                .filter(object -> object.instance().equals(instance))
                .toList();
        removed.forEach(object -> LOG.info("removed {} of instance {}", object.object(), instance));
        beginIfAllIsRecorded();
        return removed;
    }

    /** See {@code Engine.adoptLostState}. */
    public Rebuilt adopt(Optional<String> instance, Completeness completeness) {
        if (unrecorded.isEmpty()) {
            throw EngineException.notFound(
                    "nothing to adopt: the state in " + store.directory() + " knows all that is here of jnet");
        }
        if (beginIfAllHasGone()) {
            return new Rebuilt(store.read(StateView::identity).instance(), List.of(), List.of(), List.of(), List.of());
        }
        Rebuilt rebuilt = adoption.run(instance, completeness, adoptionListener);
        rebuilt.rebuilt().forEach(object -> LOG.info("adopted {}", object));
        rebuilt.unknown().forEach(LOG::warn);
        beginIfAllIsRecorded();
        return rebuilt;
    }

    /** See {@code StoredEngine.onAdoption}. */
    public void onAdoption(BiConsumer<StateChange, List<Endpoint>> listener) {
        adoptionListener = listener;
    }

    private String refusal(List<Unrecorded> found) {
        return "the state in %s is not the one of what is here: %s of jnet %s not in it, such as %s; nothing is changed before that is settled: start jnet with the right state, or see jnet status, jnet adopt and jnet clean"
                .formatted(
                        store.directory(),
                        found.size() == 1 ? "1 object" : found.size() + " objects",
                        found.size() == 1 ? "is" : "are",
                        found.get(0).object());
    }
}
