package io.jnet.engine.host;

/**
 * A kernel setting of the host that jnet changed and will put back.
 *
 * @param key the path below /proc/sys, such as {@code net/ipv4/ip_forward}
 * @param before the value that was found
 * @param now the value that jnet wrote
 */
public record ChangedSetting(String key, String before, String now) {}
