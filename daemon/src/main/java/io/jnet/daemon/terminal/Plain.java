package io.jnet.daemon.terminal;

/** Text for a terminal: the kernel takes any bytes for names of chains and links. */
public final class Plain {
    private Plain() {}

    /** In one line, and without what a terminal would act on; names in other scripts than Latin stay. */
    public static String line(String text) {
        return text.replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "?");
    }

    /** Printable ASCII alone. */
    public static String text(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
