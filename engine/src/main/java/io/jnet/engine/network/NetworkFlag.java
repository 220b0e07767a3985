package io.jnet.engine.network;

/** What a network does or does not do, beyond connecting its containers. */
public enum NetworkFlag {
    /** Nothing leaves the network and nothing enters; containers and the host reach each other. */
    INTERNAL,
    /** Packets that leave the host take the address of the interface by which they leave. */
    MASQUERADE,
    /** Containers of the network reach each other. */
    INTER_CONTAINER,
    /** A container speaks for itself only: with its own MAC and IP addresses, in frames, ARP and neighbour discovery. */
    PORT_SECURITY,
    /** Containers may be routers and DHCP servers to their neighbours. */
    ROUTERS,
    /** The bridge has no IPv4 address: the gateway that containers are told is another machine's on the network. */
    NO_BRIDGE_IPV4,
    /** A container sends frames with its own MAC address only; of the rest that {@link #PORT_SECURITY} holds it to, nothing. */
    MAC_SECURITY,
    /** The bridge takes all frames, not only those for its own address. */
    PROMISCUOUS_BRIDGE,
    /** The bridge is jnet's to make: one that is there already is refused. */
    OWN_BRIDGE,
    /** The bridge stays on the host when the network goes. */
    LASTING_BRIDGE,
    /**
     * Its containers' links and addresses are another program's, and it has no bridge and no subnets: the engine publishes ports and delays
     * packets, and does nothing else.
     */
    FOREIGN_LINKS
}
