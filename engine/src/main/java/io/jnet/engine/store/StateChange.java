package io.jnet.engine.store;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;

/** A transaction under way: sees its own changes. Nothing of it remains when the call that was handed it throws. */
public interface StateChange extends StateView {
    /** Replaces the identity. */
    void put(StateIdentity identity);

    /** Adds or replaces a network. */
    void put(Network network);

    /** Adds or replaces an endpoint, and makes it the owner of its addresses. */
    void put(Endpoint endpoint);

    /** Adds or replaces a changed setting. */
    void put(ChangedSetting setting);

    /** Removes a network; its endpoints stay. */
    void remove(NetworkId network);

    /** Removes an endpoint and its ownership of addresses. */
    void remove(EndpointId endpoint);

    /** Forgets a changed setting. */
    void remove(ChangedSetting setting);
}
