package io.jnet.engine.endpoint;

/** Who keeps the host's other processes from taking an endpoint's published ports, by sockets that are bound to them. */
public enum PortHolder {
    /** The engine, as long as its process lives. It also passes on what the kernel cannot translate. */
    ENGINE,
    /**
     * The container's runtime: it binds the ports itself, before the engine is asked or after, and would take the engine's sockets for somebody
     * else's. The engine binds nothing; it only keeps two of its own endpoints from one port.
     */
    RUNTIME
}
