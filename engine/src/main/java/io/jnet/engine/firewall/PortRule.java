package io.jnet.engine.firewall;

/** What of one container's ports is let in: through a port of the host, or at the container's own address; by what way, and for whom. */
public sealed interface PortRule permits Publication, Opening, ForeignTarget, Restriction {}
