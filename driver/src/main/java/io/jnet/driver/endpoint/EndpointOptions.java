package io.jnet.driver.endpoint;

import io.jnet.driver.protocol.OptionNames;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.network.PublishPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What is said of one container on a network: {@code docker network connect --driver-opt}, {@code docker run --network name=web,driver-opt=...},
 * which lower-cases the names of options.
 */
final class EndpointOptions {
    private static final String PUBLISH_POLICY = "io.jnet.publish.policy";
    private static final String NAMES = "io.jnet.dns.names";
    private static final Set<String> KNOWN = Set.of(PUBLISH_POLICY, NAMES);

    private static final String OF_DOCKER = "com.docker.network.";
    private static final String OF_DOCKERS_ENDPOINTS = "com.docker.network.endpoint.";
    /** What dockerd sends by itself, or acts on for every driver. */
    private static final Set<String> DOCKERS_CONCERN = Set.of(
            "com.docker.network.endpoint.exposedports",
            "com.docker.network.endpoint.macaddress",
            "com.docker.network.endpoint.dnsservers",
            "com.docker.network.endpoint.sysctls");

    private final Set<String> names;
    private final Map<String, String> values;

    private EndpointOptions(OptionNames options) {
        this.names = options.names();
        this.values = options.own();
    }

    /**
     * @throws EngineException for an unknown {@code io.jnet.} option
     */
    static EndpointOptions of(OptionNames options) {
        for (String option : options.names()) {
            if (OptionNames.isOwn(option) && !KNOWN.contains(option)) {
                throw EngineException.invalid("unknown endpoint option " + OptionNames.shown(option) + ": known are "
                        + PUBLISH_POLICY + " and " + NAMES);
            }
        }
        return new EndpointOptions(options);
    }

    /** The options that nobody acts on. */
    static List<String> ignored(OptionNames options) {
        return options.names().stream()
                .filter(option -> !OptionNames.isOwn(option) && !DOCKERS_CONCERN.contains(option))
                .filter(option -> !option.startsWith(OF_DOCKER) || option.startsWith(OF_DOCKERS_ENDPOINTS))
                .map(OptionNames::shown)
                .sorted()
                .toList();
    }

    /**
     * Whom the container lets in.
     *
     * @throws EngineException for what is no policy
     */
    PublishPolicy publish() {
        return value(PUBLISH_POLICY, PublishPolicy.OPEN, PublishPolicy::parse);
    }

    /**
     * What the container is called, which Docker does not tell: {@code web,db}.
     *
     * @throws EngineException for what is no name without dots
     */
    List<DomainName> names() {
        return value(NAMES, List.of(), text -> Arrays.stream(text.split(",", -1))
                .map(EndpointOptions::name)
                .toList());
    }

    private static DomainName name(String text) {
        return DomainName.label(text.strip())
                .orElseThrow(() -> new IllegalArgumentException("\"" + OptionNames.shown(text)
                        + "\" is no name: want up to 63 letters, digits, \"-\" or \"_\", and commas between names"));
    }

    private <T> T value(String option, T absent, Function<String, T> parser) {
        if (!names.contains(option)) {
            return absent;
        }
        try {
            return parser.apply(values.getOrDefault(option, ""));
        } catch (IllegalArgumentException bad) {
            throw new EngineException(
                    ErrorCode.INVALID_REQUEST, "invalid endpoint option " + option + ": " + bad.getMessage(), bad);
        }
    }
}
