package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.link.InterfaceTuning;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.sysctl.NetworkSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** What the reference plugin {@code tuning} does to a container's interface, by its keys. */
final class TuningConfiguration {
    /** Of the host's owner: a regular expression a line; where it is, a setting must match one (plugins, tuning.go). */
    private static final Path ALLOW_LIST = Path.of("/etc/cni/tuning/allowlist.conf");

    private static final String INTERFACE = "IFNAME";

    private TuningConfiguration() {}

    /**
     * Reads the keys.
     *
     * @param container the interface, which settings name {@code IFNAME}
     * @throws CniException when one is no setting under {@code net}, or not allowed
     */
    static InterfaceTuning of(Fields fields, InterfaceName container) {
        return of(fields, container, ALLOW_LIST);
    }

    static InterfaceTuning of(Fields fields, InterfaceName container, Path allowList) {
        return new InterfaceTuning(
                !fields.flag("disableContainerInterface", false),
                fields.flag("promisc", false),
                fields.flag("allmulti", false),
                queue(fields),
                settings(fields, container, allowList));
    }

    private static OptionalLong queue(Fields fields) {
        OptionalInt packets = fields.number("txQLen");
        if (packets.isPresent() && packets.getAsInt() < 0) {
            throw CniException.configuration(
                    "invalid " + fields.name("txQLen") + " " + packets.getAsInt() + ": want a number of packets");
        }
        return packets.isPresent() ? OptionalLong.of(packets.getAsInt()) : OptionalLong.empty();
    }

    private static Map<NetworkSetting, String> settings(Fields fields, InterfaceName container, Path allowList) {
        Map<NetworkSetting, String> settings = new LinkedHashMap<>();
        fields.object("sysctl").ifPresent(given -> {
            for (Map.Entry<String, JsonNode> entry : given.node().properties()) {
                String value = given.text(entry.getKey())
                        .orElseThrow(
                                () -> CniException.configuration("missing value of " + name(given, entry.getKey())));
                NetworkSetting setting = setting(given, entry.getKey(), container);
                requireAllowed(given, entry.getKey(), allowList);
                if (settings.put(setting, value) != null) {
                    throw CniException.configuration(name(given, entry.getKey()) + " is there twice");
                }
            }
        });
        return settings;
    }

    /** As sysctl(8) reads names: with dots, and slashes for the dots of an interface; or the other way round. */
    private static NetworkSetting setting(Fields fields, String key, InterfaceName container) {
        int dot = key.indexOf('.');
        int slash = key.indexOf('/');
        boolean dotted = dot >= 0 && (slash < 0 || dot < slash);
        String path = dotted ? key.replace('/', '\0').replace('.', '/').replace('\0', '.') : key;
        try {
            return new NetworkSetting(path.replace(INTERFACE, container.value()));
        } catch (IllegalArgumentException invalid) {
            throw CniException.configuration("invalid " + name(fields, key) + ": " + invalid.getMessage());
        }
    }

    private static void requireAllowed(Fields fields, String key, Path allowList) {
        List<String> allowed;
        try {
            allowed = Files.readAllLines(allowList);
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException unreadable) {
            throw CniException.configuration("cannot read " + allowList + ", which has to allow " + name(fields, key));
        }
        if (allowed.stream().filter(line -> !line.isBlank()).noneMatch(line -> matches(line.strip(), key, allowList))) {
            throw CniException.configuration(name(fields, key) + " is not allowed by " + allowList);
        }
    }

    private static boolean matches(String expression, String key, Path allowList) {
        try {
            return Pattern.compile(expression).matcher(key).find();
        } catch (PatternSyntaxException invalid) {
            throw CniException.configuration(allowList + " has an invalid line: " + Printable.of(expression));
        }
    }

    private static String name(Fields fields, String key) {
        return fields.name(Printable.of(key));
    }
}
