package io.jnet.daemon.prune;

/** The time between two looks. */
@FunctionalInterface
public interface Pause {
    /** Long enough for Docker to record what its driver has answered to; see {@link ForgottenSearch}. */
    Pause ONE_SECOND = () -> Thread.sleep(1000);

    /** Returns after that time. */
    void pass() throws InterruptedException;
}
