package io.jnet.netlink.link;

/** How a bridge's port treats the frames of a VLAN ({@code BRIDGE_VLAN_INFO_...}), as {@code bridge vlan} shows it. */
public enum BridgeVlanFlag {
    /** Frames that come without a tag are of this VLAN. */
    PVID(1 << 1),
    /** Frames of this VLAN leave without a tag. */
    UNTAGGED(1 << 2);

    private final int bit;

    BridgeVlanFlag(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }
}
