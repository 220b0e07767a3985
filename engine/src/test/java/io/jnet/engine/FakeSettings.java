package io.jnet.engine;

import io.jnet.engine.host.HostSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** The settings below {@code /proc/sys} of a {@link FakeHost}, with what the kernel does to others when one is written. */
final class FakeSettings implements HostSettings {
    private static final List<String> INTERFACE_SETTINGS = List.of(
            "net/ipv4/conf/%s/forwarding",
            "net/ipv6/conf/%s/forwarding", "net/ipv6/conf/%s/force_forwarding", "net/ipv6/conf/%s/accept_ra");

    final Map<String, String> values = new ConcurrentSkipListMap<>();
    private final Consumer<String> request;

    /**
     * @param request told of each request to the kernel, which it may refuse
     */
    FakeSettings(Consumer<String> request) {
        this.request = request;
    }

    /** As a kernel that has just started. */
    void boot() {
        values.clear();
        values.put("net/ipv4/ip_forward", "0");
        values.put("net/ipv4/conf/all/accept_redirects", "1");
        for (String name : List.of("all", "default")) {
            values.put("net/ipv6/conf/" + name + "/forwarding", "0");
            values.put("net/ipv6/conf/" + name + "/force_forwarding", "0");
        }
        values.put("net/ipv4/conf/default/forwarding", "0");
        values.put("net/ipv6/conf/default/accept_ra", "1");
    }

    /** Those of a link that comes. */
    void add(String link) {
        for (String setting : INTERFACE_SETTINGS) {
            Optional.ofNullable(values.get(setting.formatted("default")))
                    .ifPresent(value -> values.put(setting.formatted(link), value));
        }
    }

    /** Those of a link that goes. */
    void remove(String link) {
        values.keySet().removeIf(key -> key.contains("/conf/" + link + "/"));
    }

    /** Those of a link that gets another name. */
    void rename(String link, String newName) {
        Map.copyOf(values).forEach((key, value) -> {
            if (key.contains("/conf/" + link + "/")) {
                values.remove(key);
                values.put(key.replace("/conf/" + link + "/", "/conf/" + newName + "/"), value);
            }
        });
    }

    @Override
    public Optional<String> read(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void write(String key, String value) {
        request.accept("write " + key);
        set(key, value);
    }

    /** Writes one as somebody else would. */
    void set(String key, String value) {
        boolean other = !value.equals(values.put(key, value));
        if (other && key.equals("net/ipv4/ip_forward")) {
            values.put("net/ipv4/conf/all/accept_redirects", value.equals("0") ? "1" : "0");
            everywhere("net/ipv4/conf/", "/forwarding", value);
        } else if (key.equals("net/ipv6/conf/all/forwarding")) {
            if (other) {
                everywhere("net/ipv6/conf/", "/forwarding", value);
            }
            if (value.equals("0")) {
                everywhere("net/ipv6/conf/", "/force_forwarding", value);
            }
        }
    }

    /** The kernel copies the main switch to every interface: inet_forward_change, addrconf_forward_change. */
    private void everywhere(String folder, String setting, String value) {
        values.replaceAll((key, present) -> key.startsWith(folder) && key.endsWith(setting) ? value : present);
    }
}
