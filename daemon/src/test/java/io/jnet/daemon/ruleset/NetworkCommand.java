package io.jnet.daemon.ruleset;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A {@code docker network create}, as a person types it and as dockerd sends it.
 *
 * @param isInternal whether {@code --internal} is given
 * @param hasIpv6 whether there is an IPv6 subnet too
 * @param options what is given with {@code -o}
 */
record NetworkCommand(boolean isInternal, boolean hasIpv6, Map<String, String> options) implements NetworkRequest {
    static final String ID = "0123456789abcdef".repeat(4);

    /** A network of one IPv4 subnet. */
    static NetworkCommand web() {
        return new NetworkCommand(false, false, Map.of());
    }

    NetworkCommand internal() {
        return new NetworkCommand(true, hasIpv6, options);
    }

    NetworkCommand withIpv6() {
        return new NetworkCommand(isInternal, true, options);
    }

    NetworkCommand with(String option, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(option, value);
        return new NetworkCommand(isInternal, hasIpv6, more);
    }

    @Override
    public String text() {
        return "docker network create -d jnet --subnet 10.77.0.0/24"
                + (hasIpv6 ? " --ipv6 --subnet fd00:77::/64" : "")
                + (isInternal ? " --internal" : "")
                + options.entrySet().stream()
                        .map(option -> " \\\n    -o " + quoted(option.getKey() + "=" + option.getValue()))
                        .collect(Collectors.joining())
                + " web";
    }

    @Override
    public String container() {
        return "docker run " + DocumentedHost.PUBLISHED + " --network web ...";
    }

    private static String quoted(String argument) {
        return argument.indexOf(' ') < 0 ? argument : "\"" + argument + "\"";
    }

    /** The body of {@code CreateNetwork}. */
    String body() {
        String generic = options.entrySet().stream()
                .map(option -> "\"%s\":\"%s\"".formatted(option.getKey(), option.getValue()))
                .collect(Collectors.joining(","));
        String ipv6 = hasIpv6 ? "{\"Pool\":\"fd00:77::/64\",\"Gateway\":\"fd00:77::1/64\"}" : "";
        return """
               {"NetworkID":"%s",
                "Options":{"com.docker.network.enable_ipv6":%b,"com.docker.network.internal":%b,
                           "com.docker.network.generic":{%s}},
                "IPv4Data":[{"Pool":"10.77.0.0/24","Gateway":"10.77.0.1/24"}],
                "IPv6Data":[%s]}
               """
                .formatted(ID, hasIpv6, isInternal, generic, ipv6);
    }
}
