package io.jnet.daemon.prune;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import java.util.List;

/** Has the daemon remove what Docker has forgotten. */
public final class Pruning {
    /** What is done with what is in use. */
    public enum Use {
        /** It stays. */
        KEEP,
        /** It goes, and whoever uses it is cut off. */
        CUT_OFF
    }

    private final ControlClient daemon;
    private final Use use;

    public Pruning(ControlClient daemon, Use use) {
        this.daemon = daemon;
        this.use = use;
    }

    /** What would become of it. */
    public List<Pruned> plan(List<Forgotten> forgotten) {
        return forgotten.stream()
                .map(one -> isKept(one) ? kept(one) : Pruned.of(one, Pruned.FOUND, ""))
                .toList();
    }

    /** Removes all that can be removed. */
    public List<Pruned> carryOut(List<Forgotten> forgotten) {
        return forgotten.stream()
                .map(one -> isKept(one) ? kept(one) : removed(one))
                .toList();
    }

    private boolean isKept(Forgotten one) {
        return one.isInUse() && (use == Use.KEEP || one.ofOthers());
    }

    private static Pruned kept(Forgotten one) {
        return Pruned.of(one, Pruned.KEPT, one.use());
    }

    private Pruned removed(Forgotten one) {
        try {
            if (one.kind() == Forgotten.Kind.ENDPOINT && one.isInUse()) {
                daemon.delete(one.kind().path(), one.id(), "in-use");
            } else {
                daemon.delete(one.kind().path(), one.id());
            }
            return Pruned.of(one, Pruned.REMOVED, "");
        } catch (ClientException refused) {
            // One that has gone by itself meanwhile.
            return refused.isNotFound()
                    ? Pruned.of(one, Pruned.REMOVED, "")
                    : Pruned.of(one, Pruned.FAILED, String.valueOf(refused.getMessage()));
        }
    }
}
