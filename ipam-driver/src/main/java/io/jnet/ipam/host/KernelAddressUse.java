package io.jnet.ipam.host;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.ipam.reclaim.AddressUse;
import io.jnet.ipam.reclaim.NamespaceUse;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Looks into every network namespace that a process is in or that is mounted somewhere, as {@code lsns} finds them. Needs CAP_SYS_ADMIN and
 * the process ids of the host.
 */
public final class KernelAddressUse implements AddressUse {
    private static final Errno ESRCH = Errno.of(3);
    private static final Path PROC = Path.of("/proc");
    private static final Pattern NAMESPACE = Pattern.compile("net:\\[([0-9]+)]");

    /** mountinfo (proc(5)): id, parent, device, root, mount point; the root of a mounted namespace is its name. */
    private static final Pattern MOUNT = Pattern.compile("\\S+ \\S+ \\S+ (net:\\[[0-9]+]) (\\S+) .*");

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

    @Override
    public Map<String, NamespaceUse> namespaces() {
        Map<String, NamespaceUse> uses = new HashMap<>();
        paths().forEach((identity, paths) -> look(paths).ifPresent(use -> uses.put(identity, use)));
        return uses;
    }

    /** The files by which each namespace can be opened. */
    private static Map<String, List<Path>> paths() {
        Map<String, List<Path>> paths = new LinkedHashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Path file = process.resolve("ns/net");
                identity(file).ifPresent(identity -> add(paths, identity, file));
            }
            for (String line : Files.readAllLines(PROC.resolve("self/mountinfo"))) {
                Matcher mount = MOUNT.matcher(line);
                if (mount.matches()) {
                    add(paths, mount.group(1), Path.of(unescape(mount.group(2))));
                }
            }
        } catch (IOException e) {
            throw new EngineException(ErrorCode.KERNEL, "cannot list network namespaces: " + e, e);
        }
        return paths;
    }

    private static void add(Map<String, List<Path>> paths, String identity, Path file) {
        paths.computeIfAbsent(identity, absent -> new ArrayList<>()).add(file);
    }

    /** Empty for a process that has ended, and for the kernel's own. */
    private static Optional<String> identity(Path file) {
        try {
            String name = Files.readSymbolicLink(file).toString();
            return NAMESPACE.matcher(name).matches() ? Optional.of(name) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Empty when the namespace has ended meanwhile. */
    private static Optional<NamespaceUse> look(List<Path> paths) {
        for (Path path : paths) {
            try (NetworkNamespace namespace = NetworkNamespace.open(path)) {
                return Optional.of(namespace.run(KernelAddressUse::use));
            } catch (KernelException e) {
                if (!e.errno().equals(Errno.ENOENT) && !e.errno().equals(ESRCH)) {
                    throw new EngineException(ErrorCode.KERNEL, "cannot look into " + path + ": " + e.getMessage(), e);
                }
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new EngineException(ErrorCode.KERNEL, "cannot look into " + path + ": " + e.getMessage(), e);
            }
        }
        return Optional.empty();
    }

    private static NamespaceUse use() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            boolean connected = Links.over(socket).list().stream().anyMatch(link -> !link.isLoopback());
            return new NamespaceUse(
                    Addresses.over(socket).list().stream()
                            .map(LinkAddress::prefix)
                            .map(prefix -> prefix.address())
                            .collect(Collectors.toSet()),
                    connected);
        }
    }

    private static String unescape(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }
}
