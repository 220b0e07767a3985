package io.jnet.engine.host;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A kernel setting of the host that jnet changed and will put back, or one that it keeps aside because the kernel overwrites it along with
 * such a change.
 *
 * @param key the path below /proc/sys, such as {@code net/ipv4/conf/eth0/forwarding}
 * @param before the value that was found
 * @param now the value that jnet wrote; {@code before} when it wrote none
 * @param link the index of the link that the setting goes with; empty for one of the whole host
 */
public record ChangedSetting(String key, String before, String now, OptionalInt link) {

    public ChangedSetting {
        // Absent in records of the first versions.
        link = Objects.requireNonNullElse(link, OptionalInt.empty());
    }

    /** A setting of the whole host. */
    public ChangedSetting(String key, String before, String now) {
        this(key, before, now, OptionalInt.empty());
    }

    /** A setting that jnet does not change itself. */
    public static ChangedSetting keptAside(String key, String value) {
        return new ChangedSetting(key, value, value);
    }

    /** What {@code sysctl} calls a setting: {@code net.ipv4.conf.eth0/100.forwarding} for that of the link {@code eth0.100}. */
    public static String sysctl(String key) {
        return key.replace('/', '\0').replace('.', '/').replace('\0', '.');
    }

    /** Whether jnet only keeps the value, and did not change the setting itself. */
    public boolean onlyKept() {
        return before.equals(now);
    }
}
