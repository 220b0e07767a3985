package io.jnet.engine.link;

import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;

/** The links that the engine has made, as others leave them: any program with the right to do so may change each of them. */
public interface OwnLinks {

    /**
     * What others have done to these links, found by one look at all links of the host. A port that is gone is not among it: its other end
     * went with it, and nothing is left to mend.
     *
     * @param bridges those that the engine made; others that ports are on are looked at for the ports only
     */
    Damage look(Collection<BridgePlan> bridges, Collection<VethPlan> ports);

    /** Whether a link of the name is there, whosever it is. */
    boolean isThere(InterfaceName name);

    /**
     * Makes the host's end of a veth pair what it was: a port of its bridge, with its flags and VLANs, and up; and tells the host the
     * container's addresses, which it forgets with a bridge that was down. An end that is gone, or is not the plan's, is left alone, and
     * so is one whose bridge is not there, or is somebody else's without being adopted.
     */
    void mend(BridgePlan bridge, VethPlan port);
}
