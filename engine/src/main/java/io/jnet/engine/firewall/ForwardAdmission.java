package io.jnet.engine.firewall;

import java.util.function.BiConsumer;

/**
 * The host's own forwarding policy, where it has one that jnet's table cannot overrule: an {@code accept} in one nftables table does not
 * save a packet from a {@code drop} in another.
 */
public interface ForwardAdmission {

    /** Has the host's forwarding chains, where there are any, accept what jnet's own chains accepted. Idempotent, and cheap when in place. */
    default void admit() {
        admit((chain, again) -> again.run());
    }

    /**
     * The same, but for chains that did accept it and do not any more.
     *
     * @param lost is given each of these, by its name for people, and what has it accept again, which is its to run or to leave
     */
    void admit(BiConsumer<String, Runnable> lost);

    /** Puts back what {@link #admit} changed. Idempotent. */
    void withdraw();
}
