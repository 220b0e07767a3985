package io.jnet.engine.firewall;

/** What of one container's ports is let in: through a port of the host, or at the container's own address; and by what way. */
public sealed interface PortRule permits Publication, Opening, ForeignTarget {}
