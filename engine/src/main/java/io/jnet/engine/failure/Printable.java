package io.jnet.engine.failure;

/** Text from outside, as it may stand in a message. */
public final class Printable {
    private static final int SHOWN = 64;

    private Printable() {}

    /** The first characters, all but printable ASCII replaced. */
    public static String of(String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return shown.replaceAll("[^\\x20-\\x7e]|\"", "?");
    }
}
