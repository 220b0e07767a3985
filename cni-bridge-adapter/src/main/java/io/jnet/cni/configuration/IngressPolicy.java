package io.jnet.cni.configuration;

/** Who reaches containers at their own addresses: {@code ingressPolicy}, as the reference plugin firewall has it. */
public enum IngressPolicy {
    /** Everybody who has a route. */
    OPEN,
    /** The containers of the same network, and the host. */
    SAME_BRIDGE,
    /** The host. */
    ISOLATED
}
