package io.jnet.daemon.control;

/** Who asks for networks, endpoints and pools, in the words of the messages. */
public final class RuntimeName {
    /** Docker's drivers. */
    public static final String DOCKER = "docker";
    /** The CNI plugin, and {@code jnet attach}. */
    public static final String CNI = "cni";

    private RuntimeName() {}

    static String of(boolean cni) {
        return cni ? CNI : DOCKER;
    }
}
