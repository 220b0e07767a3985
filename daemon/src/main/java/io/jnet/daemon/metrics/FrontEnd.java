package io.jnet.daemon.metrics;

import java.util.Locale;

/** Who asked. */
public enum FrontEnd {
    /** dockerd, on the plugin socket: network driver and IPAM driver. */
    DOCKER,
    /** A runtime by {@code jnet-cni}, and {@code jnet attach} and {@code jnet detach}. */
    CNI,
    /** The other commands, on the control socket. */
    CONTROL;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
