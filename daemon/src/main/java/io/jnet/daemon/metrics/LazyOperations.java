package io.jnet.daemon.metrics;

import java.util.Optional;

/** Operations that begin to be counted with the first one: the library is not loaded before the daemon answers. Thread-safe. */
final class LazyOperations implements OperationListener {
    private Optional<Operations> made = Optional.empty();

    /** What is counted. */
    synchronized Operations get() {
        Operations operations = made.orElseGet(Operations::new);
        made = Optional.of(operations);
        return operations;
    }

    @Override
    public void ended(FrontEnd frontEnd, String operation, long begun, Optional<? extends Enum<?>> failure) {
        get().ended(frontEnd, operation, begun, failure);
    }
}
