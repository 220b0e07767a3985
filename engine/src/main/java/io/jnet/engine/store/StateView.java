package io.jnet.engine.store;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;

/** One consistent view of the state. Valid only inside the call that handed it out. */
public interface StateView {
    /** Which state this is, and for which network namespace. */
    StateIdentity identity();

    /** All networks, by id. */
    List<Network> networks();

    Optional<Network> network(NetworkId id);

    /** All endpoints, by id. */
    List<Endpoint> endpoints();

    Optional<Endpoint> endpoint(EndpointId id);

    /** The endpoint of a network that has an address. */
    Optional<EndpointId> owner(NetworkId network, IpAddress address);

    /** The host's settings that jnet changed or keeps aside, in the order of their names. */
    List<ChangedSetting> changedSettings();

    /** The records of another module. */
    RecordTable table(SideTable table);
}
