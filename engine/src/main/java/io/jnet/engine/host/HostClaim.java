package io.jnet.engine.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.namespace.NamespaceClaim;
import io.jnet.netlink.namespace.NamespaceClaim.Holder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to work in a network namespace, which one engine has at a time, whatever the folder of its state: two would take each other's
 * tables and rules for somebody's meddling.
 */
public final class HostClaim {
    private static final Logger LOG = LoggerFactory.getLogger(HostClaim.class);

    /** In {@code ss -xl}: {@code @jnet-engine}. */
    private static final String NAME = "jnet-engine";

    private static final int ROOT = 0;
    /** Calls of the CNI plugin without a daemon have it for about a second each. */
    private static final int ATTEMPTS = 150;

    private static final Duration PAUSE = Duration.ofMillis(20);

    private HostClaim() {}

    /**
     * Takes the right for the calling thread's network namespace, until it is closed.
     *
     * @param residence what the next one to come is told of this process
     * @throws EngineException with {@code CONFLICT}, who has it and how to end that, when another engine has it and keeps it
     */
    public static AutoCloseable take(Residence residence) {
        return take(NAME, ATTEMPTS, residence);
    }

    static AutoCloseable take(String name, int attempts, Residence residence) {
        for (int attempt = 0; attempt < attempts; attempt++) {
            Optional<NamespaceClaim> claim = NamespaceClaim.take(name, residence.toText());
            if (claim.isPresent()) {
                return claim.get();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Optional<Holder> holder = NamespaceClaim.holder(name);
        if (holder.map(other -> other.credentials().userId()).equals(Optional.of(ROOT))) {
            throw EngineException.conflict(Residence.conflict(
                    holder.get().statement(), holder.get().credentials().processId()));
        }
        // No engine: anybody may take such a name, and nobody but root may keep jnet from working by it.
        LOG.warn(
                "the socket name @{} is taken by a process of {}, which is not jnet: a second jnet daemon would not be noticed",
                name,
                holder.map(other -> "user " + other.credentials().userId()).orElse("somebody"));
        return () -> {};
    }
}
