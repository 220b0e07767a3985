package io.jnet.cni.configuration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What resolvers a container is to use: the result's {@code dns}.
 *
 * @param nameservers addresses
 * @param domain the local domain
 * @param search domains that short names are looked up in
 * @param options of the resolver
 */
public record DnsConfiguration(
        List<String> nameservers, Optional<String> domain, List<String> search, List<String> options) {
    /** Nothing is said. */
    public static final DnsConfiguration NONE = new DnsConfiguration(List.of(), Optional.empty(), List.of(), List.of());

    public DnsConfiguration {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    /** The key {@code dns} of a configuration. */
    static DnsConfiguration of(Fields fields) {
        return new DnsConfiguration(
                fields.texts("nameservers"), fields.text("domain"), fields.texts("search"), fields.texts("options"));
    }

    /** {@code runtimeConfig.dns}, whose names differ. */
    static DnsConfiguration ofRuntime(Fields fields) {
        return new DnsConfiguration(
                fields.texts("servers"), Optional.empty(), fields.texts("searches"), fields.texts("options"));
    }

    /**
     * A resolver's file (resolv.conf(5)). Of {@code domain} and {@code search} the last counts; what else is in it is passed over.
     *
     * @param text its content
     */
    public static DnsConfiguration ofResolverFile(String text) {
        List<String> nameservers = new ArrayList<>();
        Optional<String> domain = Optional.empty();
        List<String> search = List.of();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> words = Arrays.asList(line.strip().split("\\s+", -1));
            List<String> values = words.subList(1, words.size());
            if (values.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            switch (words.get(0)) {
                case "nameserver" -> nameservers.add(values.get(0));
                case "domain" -> domain = Optional.of(values.get(0));
                case "search" -> search = values;
                case "options" -> options.addAll(values);
                default -> {}
            }
        }
        return new DnsConfiguration(nameservers, domain, search, options);
    }

    /**
     * The same with these resolvers. Short names are looked up in their domain, unless it is said where else.
     *
     * @param servers addresses
     */
    public DnsConfiguration asking(List<String> servers, String localDomain) {
        boolean searching = domain.isPresent() || !search.isEmpty();
        return new DnsConfiguration(servers, domain, searching ? search : List.of(localDomain), options);
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
