package io.jnet.bench.report;

import java.util.Locale;

/**
 * A promise and what was measured.
 *
 * @param promise in words, with its limit
 * @param measured the figure that the promise is about
 * @param limit what it may be at most; where it is itself a difference that was measured, noise can make it nothing or less
 * @param unit of both
 */
public record Budget(String promise, double measured, double limit, String unit) {
    /** Whether the promise is kept; not told where the machine was too noisy for a limit. */
    private String verdict() {
        if (limit <= 0) {
            return "cannot be told, the machine is too noisy";
        }
        return measured <= limit ? "met" : "NOT MET";
    }

    /** One line for people. */
    public String line() {
        return String.format(
                Locale.ROOT, "%s: %.2f %s, at most %.2f %s: %s", promise, measured, unit, limit, unit, verdict());
    }
}
