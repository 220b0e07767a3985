package io.jnet.engine.link;

import io.jnet.engine.network.Adoption;
import io.jnet.netlink.link.InterfaceName;
import java.util.Optional;

/** Bridges of the host that the engine did not make, and that a network uses. */
public interface AdoptedBridges {

    /**
     * What would have to be changed for the bridge of the plan's name to serve it; nothing when there is no such link. Changes nothing.
     *
     * @throws io.jnet.engine.EngineException with {@code CONFLICT} when the link is no bridge
     */
    Optional<Adoption> examine(BridgePlan plan);

    /** Makes these changes. What is there already is no error; the bridge's own addresses, MTU, MAC and ports stay as they are. */
    void adopt(InterfaceName bridge, Adoption adoption);

    /**
     * Has the bridge keep its MAC address whatever ports come and go; else it takes that of one port or another.
     *
     * @param finished whether its owner has given it the ports that it is to have; else it is only done when there is one
     */
    void keepMac(InterfaceName bridge, boolean finished);

    /** Whether it has any: when the last one goes the kernel gives the bridge an MTU of its own. */
    boolean hasPorts(InterfaceName bridge);

    /** Takes the changes back. A bridge that is gone, or another one of the name, is left alone; so is a setting that others changed. */
    void release(InterfaceName bridge, Adoption adoption);

    /** Leaves a bridge that carries the alias on the host as anybody's: takes the alias off. */
    void giveUp(InterfaceName bridge, String alias);
}
