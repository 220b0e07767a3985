package io.jnet.engine.store;

import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.function.Predicate;

/**
 * Gives an endpoint that is being made its addresses, in the transactions that write it down: with one that fails the address is free again. Each may
 * be run by another thread, must be done soon, and wait for nothing; a draw may be repeated.
 */
public interface AddressDraw {
    /**
     * The endpoint's addresses, each with its subnet's length; nobody else gets them from now on. Throws when there is none.
     *
     * @param state under change by who writes the endpoint's record
     * @param refused those to pass over where there is a choice: free by mistake, and in the engine's records somebody's
     */
    List<IpPrefix> draw(StateChange state, Predicate<? super IpPrefix> refused);

    /**
     * The endpoint is attached.
     *
     * @param state under change by who says so in the endpoint's record
     */
    void attached(StateChange state, List<IpPrefix> addresses);
}
