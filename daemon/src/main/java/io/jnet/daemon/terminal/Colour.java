package io.jnet.daemon.terminal;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** What stands out on a terminal. Anywhere else, and where NO_COLOR is set, text is as it is. */
public enum Colour {
    BAD(Style.fg_red),
    DOUBTFUL(Style.fg_yellow),
    GOOD(Style.fg_green),
    HEADING(Style.bold);

    /** All off: what picocli has for the end of bold, 21, underlines twice on the terminals of today. */
    private static final String RESET = "\u001b[0m";

    private final Style style;

    Colour(Style style) {
        this.style = style;
    }

    /** The text in this colour. */
    public String of(String text) {
        return Ansi.AUTO.enabled() ? style.on() + text + RESET : text;
    }
}
