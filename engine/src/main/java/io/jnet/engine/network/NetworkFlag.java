package io.jnet.engine.network;

/** What a network does or does not do, beyond connecting its containers. */
public enum NetworkFlag {
    /** Nothing leaves the network and nothing enters; containers and the host reach each other. */
    INTERNAL,
    /** Packets that leave the host take the address of the interface by which they leave. */
    MASQUERADE,
    /** Containers of the network reach each other. */
    INTER_CONTAINER
}
