package io.jnet.daemon.attach;

import io.jnet.cni.configuration.DnsConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What resolvers an attached namespace is to use. */
public final class Resolvers {
    /** systemd-resolved keeps what it asks itself in the second. */
    private static final List<Path> HOST_FILES =
            List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

    private Resolvers() {}

    /** What an ADD's result says, and where that names none, those of the host. */
    public static DnsConfiguration of(JsonNode result) {
        DnsConfiguration told = told(result.path("dns"));
        if (!told.nameservers().isEmpty()) {
            return told;
        }
        DnsConfiguration host = HOST_FILES.stream()
                .map(Resolvers::usable)
                .filter(dns -> !dns.nameservers().isEmpty())
                .findFirst()
                .orElse(DnsConfiguration.NONE);
        return told.isEmpty()
                ? host
                : new DnsConfiguration(host.nameservers(), told.domain(), told.search(), told.options());
    }

    /**
     * What a host's own file says that can be of use in another namespace: a resolver on the host's loopback cannot.
     *
     * @param host the host's file
     */
    public static DnsConfiguration usable(Path host) {
        try {
            DnsConfiguration dns = DnsConfiguration.ofResolverFile(Files.readString(host));
            return new DnsConfiguration(
                    dns.nameservers().stream()
                            .filter(server -> !server.startsWith("127.") && !server.equals("::1"))
                            .toList(),
                    dns.domain(),
                    dns.search(),
                    dns.options());
        } catch (IOException unreadable) {
            return DnsConfiguration.NONE;
        }
    }

    private static DnsConfiguration told(JsonNode dns) {
        return new DnsConfiguration(
                texts(dns, "nameservers"),
                Optional.of(dns.path("domain").asString("")).filter(text -> !text.isEmpty()),
                texts(dns, "search"),
                texts(dns, "options"));
    }

    private static List<String> texts(JsonNode node, String key) {
        List<String> texts = new ArrayList<>();
        node.path(key).forEach(element -> texts.add(element.asString()));
        return texts;
    }
}
