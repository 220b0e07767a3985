package io.jnet.engine.host;

/**
 * A kernel setting of the host that jnet changed and will put back, or one that it keeps aside because the kernel overwrites it along with
 * such a change.
 *
 * @param key the path below /proc/sys, such as {@code net/ipv4/ip_forward}
 * @param before the value that was found
 * @param now the value that jnet wrote; {@code before} when it wrote none
 */
public record ChangedSetting(String key, String before, String now) {

    /** A setting that jnet does not change itself. */
    public static ChangedSetting keptAside(String key, String value) {
        return new ChangedSetting(key, value, value);
    }

    /** Whether jnet only keeps the value, and did not change the setting itself. */
    public boolean onlyKept() {
        return before.equals(now);
    }
}
