package io.jnet.engine.work;

import java.util.Optional;

/** The steps of a removal: each is tried whatever became of the others, and the first failure is reported with the rest suppressed. */
public final class Teardown {
    private RuntimeException failure;

    public void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    /** The failure that made the removal necessary, with those of the removal as suppressed. */
    public RuntimeException becauseOf(RuntimeException cause) {
        if (failure != null) {
            cause.addSuppressed(failure);
        }
        return cause;
    }

    /**
     * @throws RuntimeException the first failure, when there was one
     */
    public void finish() {
        Optional<RuntimeException> first = Optional.ofNullable(failure);
        if (first.isPresent()) {
            throw first.get();
        }
    }
}
