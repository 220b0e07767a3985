package io.jnet.cni.configuration;

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

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
