package io.jnet.engine.network;

/** The beginning of an identity that people are shown, and may give for the whole of it, as with Docker. */
public final class ShortId {
    /** How many characters it has; fewer, where the identity has fewer. */
    public static final int LENGTH = 12;

    private ShortId() {}

    /** The first characters of an identity. */
    public static String of(String id) {
        return id.substring(0, Math.min(LENGTH, id.length()));
    }
}
