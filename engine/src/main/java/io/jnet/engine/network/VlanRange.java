package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.link.BridgeVlan;

/**
 * Consecutive VLANs.
 *
 * @param first 1 to 4094
 * @param last not before the first
 */
public record VlanRange(int first, int last) {

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when an id is out of range, or the last comes before the first
     */
    public VlanRange {
        Vlans.checkId(first);
        Vlans.checkId(last);
        if (last < first) {
            throw EngineException.invalid("invalid VLANs " + first + "-" + last + ": the last comes before the first");
        }
    }

    /** Whether there is no VLAN between the two that neither has. */
    boolean adjoins(VlanRange other) {
        return first <= other.last + 1 && other.first <= last + 1;
    }

    BridgeVlan tagged() {
        return BridgeVlan.tagged(first, last);
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
