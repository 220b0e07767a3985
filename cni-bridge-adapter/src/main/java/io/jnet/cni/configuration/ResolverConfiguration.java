package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.Printable;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.name.StaticRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code resolver}: what the network's own resolver is to say. The key is jnet's, so that whatever it does not know in there is refused. */
final class ResolverConfiguration {
    private static final String KEY = "resolver";
    private static final String ENABLED = "enabled";
    private static final String DOMAIN = "domain";
    private static final String SERVERS = "servers";
    private static final String RECORDS = "records";
    private static final Set<String> KNOWN = Set.of(ENABLED, DOMAIN, SERVERS, RECORDS);

    private ResolverConfiguration() {}

    /**
     * @param answering whether the network has an address at which names can be answered
     * @return absent: the configuration does not say
     * @throws CniException for a value that is none, and for one that the network has no use for
     */
    static Optional<Resolution> of(Fields fields, boolean answering) {
        Optional<Fields> given = fields.object(KEY);
        given.ifPresent(ResolverConfiguration::refuseUnknown);
        Optional<Resolution> resolution = given.map(ResolverConfiguration::read);
        if (resolution.filter(Resolution::enabled).isPresent() && !answering) {
            throw CniException.configuration(
                    KEY + " goes with isGateway and addresses: names are answered at the bridge's");
        }
        return resolution;
    }

    private static Resolution read(Fields fields) {
        boolean enabled = fields.flag(ENABLED, true);
        Optional<DomainName> domain =
                fields.text(DOMAIN).map(text -> parsed(fields.name(DOMAIN), text, DomainName::parse));
        try {
            return new Resolution(
                    enabled,
                    domain,
                    list(fields, SERVERS, NameServer::parse),
                    list(fields, RECORDS, StaticRecord::parse));
        } catch (EngineException contradiction) {
            throw CniException.configuration("invalid " + KEY + ": " + contradiction.getMessage());
        }
    }

    private static void refuseUnknown(Fields fields) {
        fields.node().propertyNames().stream()
                .filter(key -> KNOWN.stream().noneMatch(known -> known.equalsIgnoreCase(key)))
                .findFirst()
                .ifPresent(key -> {
                    throw CniException.configuration("unknown " + fields.name(Printable.of(key))
                            + ": known are enabled, domain, servers and records");
                });
    }

    private static <T> List<T> list(Fields fields, String key, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (String text : fields.texts(key)) {
            values.add(parsed(fields.name(key) + "[" + values.size() + "]", text, parser));
        }
        return values;
    }

    private static <T> T parsed(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException bad) {
            throw CniException.configuration(
                    "invalid " + name + " \"" + Printable.of(text) + "\": " + bad.getMessage());
        }
    }
}
