package io.jnet.engine.firewall;

import java.util.function.BiConsumer;

/**
 * The host's own forwarding policy, where it has one that jnet's table cannot overrule: an {@code accept} in one nftables table does not
 * save a packet from a {@code drop} in another.
 */
public interface ForwardAdmission {

    /** Has the host's chains, where there are any, accept what jnet's own chains accepted. Idempotent, and cheap when in place. */
    default void admit() {
        admit((chain, again) -> again.run());
    }

    /** Whether there are chains of whose changes the kernel tells nobody: they are to be looked at from time to time. */
    boolean isUnheard();

    /**
     * The same, but for chains that did accept it and do not any more; and what is dear to look at and tells nothing is passed over when it
     * was looked at some seconds ago.
     *
     * @param lost is given each of these, by its name for people, and what has it accept again, which is its to run or to leave
     */
    void admit(BiConsumer<String, Runnable> lost);

    /** Puts back what {@link #admit} changed. Idempotent. */
    void withdraw();
}
