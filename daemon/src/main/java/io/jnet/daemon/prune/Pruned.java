package io.jnet.daemon.prune;

import java.util.Locale;

/**
 * What has become of something that Docker has forgotten.
 *
 * @param kind {@code endpoint}, {@code network} or {@code pool}
 * @param id its identity
 * @param name for people
 * @param outcome {@code removed}, {@code found} where nothing was to be removed, {@code kept} because it is in use, or {@code failed}
 * @param reason why it was kept, or could not be removed; else empty
 */
public record Pruned(String kind, String id, String name, String outcome, String reason) {
    /** It is there no more. */
    public static final String REMOVED = "removed";
    /** It would be removed. */
    public static final String FOUND = "found";
    /** It is in use. */
    public static final String KEPT = "kept";
    /** It could not be removed. */
    public static final String FAILED = "failed";

    static Pruned of(Forgotten one, String outcome, String reason) {
        return new Pruned(one.kind().name().toLowerCase(Locale.ROOT), one.id(), one.name(), outcome, reason);
    }
}
