package io.jnet.netlink.link;

import java.util.Set;

/**
 * VLANs that a bridge's port is in: one, or consecutive ones that it treats alike.
 *
 * @param first 1 to 4094
 * @param last not before the first
 * @param flags how it treats their frames; none: with a tag, both ways
 */
public record BridgeVlan(int first, int last, Set<BridgeVlanFlag> flags) {
    public static final int MIN_ID = 1;
    /** 4095 is reserved (IEEE 802.1Q, table 9-2). */
    public static final int MAX_ID = 4094;

    /**
     * @throws IllegalArgumentException for ids out of range, and for several VLANs of which each is to be that of frames without a tag
     */
    public BridgeVlan {
        flags = Set.copyOf(flags);
        if (first < MIN_ID || last > MAX_ID || last < first) {
            throw new IllegalArgumentException("VLANs " + first + " to " + last);
        }
        if (first != last && flags.contains(BridgeVlanFlag.PVID)) {
            throw new IllegalArgumentException("VLANs " + first + " to " + last + " for frames without a tag");
        }
    }

    /** The VLAN of frames without a tag. */
    public static BridgeVlan untagged(int id) {
        return new BridgeVlan(id, id, Set.of(BridgeVlanFlag.PVID, BridgeVlanFlag.UNTAGGED));
    }

    /** VLANs whose frames have their tag. */
    public static BridgeVlan tagged(int first, int last) {
        return new BridgeVlan(first, last, Set.of());
    }
}
