package io.jnet.daemon.terminal;

/** Text for a terminal: the kernel takes any bytes for names of chains and links. */
public final class Plain {
    private Plain() {}

    /** Without characters that a terminal would act on. */
    public static String text(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
