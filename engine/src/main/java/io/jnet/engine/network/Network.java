package io.jnet.engine.network;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;

/**
 * A network as the store holds it.
 *
 * @param spec what was asked for
 * @param bridge the bridge's name
 * @param bridgeMac the bridge's MAC address; the same each time that the bridge is built
 * @param state how far creation or deletion has come
 */
public record Network(NetworkSpec spec, InterfaceName bridge, MacAddress bridgeMac, NetworkState state) {

    /** The identity of the network. */
    public NetworkId id() {
        return spec.id();
    }

    /** The same network in another state. */
    public Network in(NetworkState other) {
        return new Network(spec, bridge, bridgeMac, other);
    }

    /** The name for people: the given one, else the first 12 characters of the id. */
    public String displayName() {
        return spec.name().orElseGet(() -> id().value()
                .substring(0, Math.min(12, id().value().length())));
    }
}
