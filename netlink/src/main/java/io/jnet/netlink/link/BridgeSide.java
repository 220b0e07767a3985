package io.jnet.netlink.link;

/** Which of a bridge's ports a link is: {@code bridge vlan add} has {@code master} and {@code self} for it. */
public enum BridgeSide {
    /** One of the links that have been put on the bridge. */
    PORT,
    /** The bridge itself, by which the host takes part. */
    SELF
}
