package io.jnet.daemon.command;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resolver's file of a namespace that {@code ip netns} has made: {@code /etc/netns/NAME/resolv.conf}, which {@code ip netns exec} puts in
 * the place of the host's (ip-netns(8)). One that somebody else wrote is left alone.
 */
final class NamespaceResolver {
    private static final Pattern NAMED = Pattern.compile("/(?:var/)?run/netns/([A-Za-z0-9][A-Za-z0-9_.-]*)");
    private static final String MARK = "# Written by jnet attach; jnet detach removes it.";

    private final Path file;

    private NamespaceResolver(Path file) {
        this.file = file;
    }

    /** The file of the namespace at a path; empty for one without a name. */
    static Optional<NamespaceResolver> of(Path namespace) {
        return of(namespace, Path.of("/etc/netns"));
    }

    static Optional<NamespaceResolver> of(Path namespace, Path folder) {
        Matcher named = NAMED.matcher(namespace.toString());
        return named.matches()
                ? Optional.of(
                        new NamespaceResolver(folder.resolve(named.group(1)).resolve("resolv.conf")))
                : Optional.empty();
    }

    /**
     * Writes the file.
     *
     * @return whether it is there now, and jnet's
     */
    boolean write(DnsConfiguration dns) {
        try {
            if (isOthers()) {
                return false;
            }
            Files.createDirectories(file.getParent());
            Files.write(file, lines(dns));
            return true;
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    /** Removes the file if it is jnet's, and its folder if nothing else is in it. */
    void remove() {
        try {
            if (Files.exists(file) && !isOthers()) {
                Files.delete(file);
                Files.delete(file.getParent());
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException kept) {
            return;
        } catch (IOException failure) {
            throw new HostException("cannot remove " + file + ": " + failure.getMessage(), failure);
        }
    }

    /** The path. */
    Path file() {
        return file;
    }

    /**
     * What a host's own file says that can be of use in another namespace: a resolver on the host's loopback cannot.
     *
     * @param host the host's file
     */
    static DnsConfiguration usable(Path host) {
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

    private boolean isOthers() throws IOException {
        return Files.exists(file) && !Files.readString(file).startsWith(MARK);
    }

    private static List<String> lines(DnsConfiguration dns) {
        List<String> lines = new ArrayList<>(List.of(MARK));
        dns.nameservers().forEach(server -> lines.add("nameserver " + server));
        dns.domain().ifPresent(domain -> lines.add("domain " + domain));
        if (!dns.search().isEmpty()) {
            lines.add("search " + String.join(" ", dns.search()));
        }
        if (!dns.options().isEmpty()) {
            lines.add("options " + String.join(" ", dns.options()));
        }
        return lines;
    }
}
