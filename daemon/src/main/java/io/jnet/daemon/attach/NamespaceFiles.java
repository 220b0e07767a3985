package io.jnet.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.configuration.DnsConfiguration;
import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a namespace that {@code ip netns} has made: those in {@code /etc/netns/NAME}, which {@code ip netns exec} puts in the place of the
 * host's (ip-netns(8)). What somebody else wrote is left alone, links among it.
 */
public final class NamespaceFiles {
    public static final String RESOLVER = "resolv.conf";
    public static final String HOSTS = "hosts";

    private static final Pattern NAMED = Pattern.compile("/(?:var/)?run/netns/([A-Za-z0-9][A-Za-z0-9_.-]*)");
    private static final String MARK = "# Written by jnet attach";
    /** Of versions that did not name the network. */
    private static final String PLAIN_MARK = MARK + "; jnet detach removes it.";

    private static final String FOLDER_MODE = "rwxr-xr-x";
    private static final String FILE_MODE = "rw-r--r--";

    private final Path folder;
    private final String mark;

    private NamespaceFiles(Path folder, String network) {
        this.folder = folder;
        this.mark = MARK + " --network " + network + "; jnet detach removes it.";
    }

    /** The name that {@code ip netns} has for the namespace at a path; empty for one that it did not make. */
    public static Optional<String> nameOf(Path namespace) {
        Matcher named = NAMED.matcher(namespace.toString());
        return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
    }

    /** The namespace that {@code ip netns} has under a name; empty when it has none. */
    static Optional<Path> called(String name) {
        Path namespace = Path.of("/run/netns", name);
        return nameOf(namespace).filter(name::equals).isPresent() && Files.exists(namespace)
                ? Optional.of(namespace)
                : Optional.empty();
    }

    /**
     * The files of the namespace at a path; empty for one without a name.
     *
     * @param network the network that it is attached to
     */
    public static Optional<NamespaceFiles> of(Path namespace, String network) {
        return of(namespace, network, Path.of("/etc/netns"));
    }

    public static Optional<NamespaceFiles> of(Path namespace, String network, Path parent) {
        return nameOf(namespace).map(name -> new NamespaceFiles(parent.resolve(name), network));
    }

    /**
     * Writes what resolvers to use; of several networks those of the last one count.
     *
     * @return whether it is there now: not where somebody else's file is
     */
    public boolean writeResolver(DnsConfiguration dns) {
        List<String> lines = new ArrayList<>();
        dns.nameservers().forEach(server -> lines.add("nameserver " + server));
        dns.domain().ifPresent(domain -> lines.add("domain " + domain));
        if (!dns.search().isEmpty()) {
            lines.add("search " + String.join(" ", dns.search()));
        }
        if (!dns.options().isEmpty()) {
            lines.add("options " + String.join(" ", dns.options()));
        }
        return write(RESOLVER, lines);
    }

    /**
     * Writes the namespace's own names and those of its loopback.
     *
     * @param addresses its own, without lengths
     * @param name its own; empty: it has none
     * @return whether it is there now: not where somebody else's file is
     */
    public boolean writeHosts(List<String> addresses, Optional<String> name) {
        List<String> lines =
                new ArrayList<>(List.of("127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback"));
        name.ifPresent(own -> addresses.forEach(address -> lines.add(address + "\t" + own)));
        return write(HOSTS, lines);
    }

    /** Removes what was written for the network, and the folder if nothing else is in it. */
    public void remove() {
        try {
            boolean resolver = remove(RESOLVER);
            boolean hosts = remove(HOSTS);
            if (resolver || hosts) {
                Files.delete(folder);
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException kept) {
            return;
        } catch (IOException failure) {
            throw new HostException("cannot remove the files in " + folder + ": " + failure.getMessage(), failure);
        }
    }

    /** The path of one of them. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Whoever reads meanwhile sees the file of before or the whole of this one. */
    private boolean write(String name, List<String> lines) {
        Path file = file(name);
        try {
            if (isOthers(folder, true) || isOthers(file, false)) {
                return false;
            }
            makeFolder(folder.getParent());
            makeFolder(folder);
            // Beside the folder: "ip netns exec" looks at whatever is in it.
            Path fresh = Files.createTempFile(folder.getParent(), ".jnet-", "");
            try {
                Files.writeString(fresh, mark + "\n" + String.join("\n", lines) + "\n", UTF_8);
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(FILE_MODE));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return true;
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(FOLDER_MODE));
        }
    }

    private boolean remove(String name) throws IOException {
        Path file = file(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || isOthers(folder, true)) {
            return false;
        }
        String first = firstLine(file);
        return (first.equals(mark) || first.equals(PLAIN_MARK)) && Files.deleteIfExists(file);
    }

    private static boolean isOthers(Path path, boolean isFolder) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return isFolder
                ? !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                : !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        || !firstLine(path).startsWith(MARK);
    }

    private static String firstLine(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file, UTF_8)) {
            return lines.findFirst().orElse("");
        } catch (UncheckedIOException noText) {
            return "";
        }
    }
}
