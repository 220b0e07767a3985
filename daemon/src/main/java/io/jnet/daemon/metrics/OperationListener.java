package io.jnet.daemon.metrics;

import java.util.Optional;

/** Is told of each operation of a front end when it has ended; by any thread. */
@FunctionalInterface
public interface OperationListener {
    /** Listens to nothing. */
    OperationListener NONE = (frontEnd, operation, begun, failure) -> {};

    /**
     * An operation has ended.
     *
     * @param operation its name: one of a few, never a text from outside
     * @param begun when it began, by {@link System#nanoTime}
     * @param failure the category of its failure; empty when it succeeded
     */
    void ended(FrontEnd frontEnd, String operation, long begun, Optional<? extends Enum<?>> failure);
}
