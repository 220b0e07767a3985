package io.jnet.engine.host;

import java.util.Optional;

/** The kernel settings of the host's network namespace: {@code /proc/sys/net}. */
public interface HostSettings {

    /**
     * The value of a setting; empty when this kernel does not have it.
     *
     * @param key the path below {@code /proc/sys}, such as {@code net/ipv4/ip_forward}
     */
    Optional<String> read(String key);

    /**
     * Writes a setting.
     *
     * @throws io.jnet.engine.failure.EngineException with {@code KERNEL} that names setting and value
     */
    void write(String key, String value);
}
