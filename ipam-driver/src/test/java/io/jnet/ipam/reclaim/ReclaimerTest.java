package io.jnet.ipam.reclaim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When somebody looks for abandoned addresses. */
class ReclaimerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Semaphore looks = new Semaphore(0);

    /** The first look may have come before the endpoint went whose link is gone. */
    @Test
    void looks_again_for_each_user_that_has_gone() throws InterruptedException {
        try (Reclaimer reclaimer = new Reclaimer(() -> {
            looks.release();
            return Optional.empty();
        })) {
            awaitLook("at the start");
            reclaimer.userGone();
            awaitLook("for a link");
            reclaimer.userGone();
            awaitLook("for an endpoint");
        }
    }

    private void awaitLook(String when) throws InterruptedException {
        assertThat(looks.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .as("a look " + when)
                .isTrue();
    }
}
