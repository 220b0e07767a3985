package io.jnet.engine.link;

/** What the host has by the name of a bridge that the engine made. */
public enum BridgeState {
    /** No link. */
    ABSENT,
    /** Another link: somebody else's. */
    FOREIGN,
    /** The bridge, which carries no frame. */
    DOWN,
    /** The bridge. */
    UP
}
