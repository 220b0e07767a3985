package io.jnet.bench.report;

import java.util.Locale;

/**
 * A promise and what was measured.
 *
 * @param promise in words, with its limit
 * @param measured the figure that the promise is about
 * @param limit what it may be at most
 * @param unit of both
 */
public record Budget(String promise, double measured, double limit, String unit) {
    /** Whether the promise is kept. */
    public boolean met() {
        return measured <= limit;
    }

    /** One line for people. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%s: %.2f %s, at most %.2f %s: %s",
                promise,
                measured,
                unit,
                limit,
                unit,
                met() ? "met" : "NOT MET");
    }
}
