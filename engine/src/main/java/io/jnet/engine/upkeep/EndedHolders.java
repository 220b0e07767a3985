package io.jnet.engine.upkeep;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where an address or a port is taken, an endpoint may have it whose container has gone, or is going: a runtime that was killed starts all
 * containers again at once, with the addresses and ports that they had, while the kernel still ends their namespaces.
 */
public final class EndedHolders {
    /** So long the kernel may take for the end of one namespace after another, on a busy host. */
    private static final Duration ONE = Duration.ofSeconds(2);

    /** And for all of them. */
    private static final Duration ALL = Duration.ofSeconds(20);

    private static final Set<ErrorCode> TAKEN = Set.of(ErrorCode.CONFLICT, ErrorCode.EXHAUSTED);

    private final EndpointUpkeep upkeep;

    public EndedHolders(EndpointUpkeep upkeep) {
        this.upkeep = upkeep;
    }

    /** Does something that takes addresses or ports; where they are taken, again without those who have ended. */
    public <T> T makeWay(Supplier<T> work) {
        long before = upkeep.removed();
        try {
            return work.get();
        } catch (EngineException e) {
            if (!TAKEN.contains(e.code())) {
                throw e;
            }
            // By whoever else, perhaps: what follows the host removes the same.
            boolean gone = upkeep.removeGone() || upkeep.removed() != before;
            return afterEach(gone ? work : refused(e), work);
        }
    }

    private static <T> Supplier<T> refused(EngineException refusal) {
        return () -> {
            throw refusal;
        };
    }

    /** Tries, and tries again after each end of an endpoint that is going. */
    private <T> T afterEach(Supplier<T> first, Supplier<T> again) {
        long latest = System.nanoTime() + ALL.toNanos();
        Supplier<T> next = first;
        while (true) {
            try {
                return next.get();
            } catch (EngineException e) {
                if (!TAKEN.contains(e.code()) || !upkeep.awaitEnd(ONE, latest)) {
                    throw e;
                }
                next = again;
            }
        }
    }
}
