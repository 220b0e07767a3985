package io.jnet.cni.network;

/** Takes back what a request has done before it failed. */
public final class Undoing {
    private Undoing() {}

    /** Takes a step back because of {@code cause}; when that fails too, it is added to it as suppressed. */
    public static void because(RuntimeException cause, Runnable inverse) {
        try {
            inverse.run();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
