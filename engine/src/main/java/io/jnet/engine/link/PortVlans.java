package io.jnet.engine.link;

import java.util.Optional;

/** The VLANs that the host's ends of veth pairs are in on their bridges; those of plans without VLANs are left alone. */
public interface PortVlans {

    /** Puts a port that is there into its VLANs again; one that has gone is left alone. */
    void mend(VethPlan plan);

    /** What is not as planned, at the port or at its bridge, in words; empty when all is. */
    Optional<String> difference(BridgePlan bridge, VethPlan plan);
}
