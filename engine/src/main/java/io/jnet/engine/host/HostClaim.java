package io.jnet.engine.host;

import io.jnet.engine.EngineException;
import io.jnet.netlink.libc.UnixConnection.Credentials;
import io.jnet.netlink.namespace.NamespaceClaim;
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
     * @throws EngineException with {@code CONFLICT} when another engine has it and keeps it
     */
    public static AutoCloseable take() {
        return take(NAME, ATTEMPTS);
    }

    static AutoCloseable take(String name, int attempts) {
        for (int attempt = 0; attempt < attempts; attempt++) {
            Optional<NamespaceClaim> claim = NamespaceClaim.take(name);
            if (claim.isPresent()) {
                return claim.get();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Optional<Credentials> holder = NamespaceClaim.holder(name);
        if (holder.map(Credentials::userId).equals(Optional.of(ROOT))) {
            throw EngineException.conflict("another jnet daemon" + process(holder.get())
                    + " works in this network namespace: stop it, or start this one in a network namespace of its own");
        }
        // No engine: anybody may take such a name, and nobody but root may keep jnet from working by it.
        LOG.warn(
                "the socket name @{} is taken by a process of {}, which is not jnet: a second jnet daemon would not be noticed",
                name,
                holder.map(user -> "user " + user.userId()).orElse("somebody"));
        return () -> {};
    }

    /** Not to be seen from another process namespace. */
    private static String process(Credentials holder) {
        return holder.processId() == 0 ? "" : ", process " + holder.processId() + ",";
    }
}
