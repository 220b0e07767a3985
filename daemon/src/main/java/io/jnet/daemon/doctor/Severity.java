package io.jnet.daemon.doctor;

import java.util.Locale;

/** How much a finding matters. */
public enum Severity {
    /** Something does not work: the exit status says so. */
    ERROR,
    /** Something works until it is used in some way, or will stop soon. */
    WARNING,
    /** Good to know. */
    NOTE;

    /** {@code error}, {@code warning}, {@code note}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
