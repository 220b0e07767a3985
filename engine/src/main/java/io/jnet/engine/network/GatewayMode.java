package io.jnet.engine.network;

/** How one address family of a network meets what is outside of it; says nothing for a network that is internal, but {@link #ISOLATED}. */
public enum GatewayMode {
    /** Packets leave with the host's address, and enter by published ports of the host. */
    NAT,
    /** Nothing is translated: packets leave with the container's address, and enter by a route, to published ports of the container. */
    ROUTED,
    /** As {@link #NAT}, and packets enter by a route too, to any port of any container. */
    NAT_UNPROTECTED,
    /** The bridge has no address: the host and the containers do not reach each other. For internal networks only. */
    ISOLATED
}
