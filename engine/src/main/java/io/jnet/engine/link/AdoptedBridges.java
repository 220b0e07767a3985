package io.jnet.engine.link;

import io.jnet.engine.network.Adoption;
import io.jnet.netlink.link.InterfaceName;
import java.util.Optional;

/** Bridges of the host that the engine did not make, and that a network uses. */
public interface AdoptedBridges {

    /**
     * What would have to be changed for the bridge of the plan's name to serve it; nothing when there is no such link. Changes nothing.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code CONFLICT} when the link is no bridge
     */
    Optional<Adoption> examine(BridgePlan plan);

    /** Makes these changes. What is there already is no error; the bridge's own addresses, MTU, MAC and ports stay as they are. */
    void adopt(InterfaceName bridge, Adoption adoption);

    /** Has the bridge keep its MAC address whatever ports come and go; else it takes that of one port or another. */
    void keepMac(InterfaceName bridge);

    /** Gives the bridge the MAC address that it would have by itself of its owner's ports, the lowest; without effect where it has none. */
    void takePortsMac(InterfaceName bridge);

    /** Whether it has ports of its owner's. Without ports the kernel gives the bridge an MTU of its own, and with jnet's alone theirs. */
    boolean hasOwnersPorts(InterfaceName bridge);

    /** Takes the changes back. A bridge that is gone, or another one of the name, is left alone; so is a setting that others changed. */
    void release(InterfaceName bridge, Adoption adoption);

    /** Leaves a bridge that carries the alias on the host as anybody's: takes the alias off. */
    void giveUp(InterfaceName bridge, String alias);
}
