package io.jnet.netlink.namespace;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The network namespaces that a process is in or that are mounted somewhere, as {@code lsns} finds them. */
public final class VisibleNamespaces {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern NAMESPACE = Pattern.compile("net:\\[([0-9]+)]");

    /** mountinfo (proc(5)): id, parent, device, root, mount point; the root of a mounted namespace is its name. */
    private static final Pattern MOUNT = Pattern.compile("\\S+ \\S+ \\S+ (net:\\[[0-9]+]) (\\S+) .*");

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

    private VisibleNamespaces() {}

    /**
     * The files by which each can be opened, by its name, such as {@code net:[4026531840]}. They may be gone when they are used.
     *
     * @throws IOException without /proc
     */
    public static Map<String, List<Path>> files() throws IOException {
        Map<String, List<Path>> files = new LinkedHashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Path file = process.resolve("ns/net");
                name(file).ifPresent(name -> add(files, name, file));
            }
        }
        for (String line : Files.readAllLines(PROC.resolve("self/mountinfo"))) {
            Matcher mount = MOUNT.matcher(line);
            if (mount.matches()) {
                add(files, mount.group(1), Path.of(unescape(mount.group(2))));
            }
        }
        return files;
    }

    private static void add(Map<String, List<Path>> files, String name, Path file) {
        files.computeIfAbsent(name, absent -> new ArrayList<>()).add(file);
    }

    /** Empty for a process that has ended, and for the kernel's own. */
    private static Optional<String> name(Path file) {
        try {
            String name = Files.readSymbolicLink(file).toString();
            return NAMESPACE.matcher(name).matches() ? Optional.of(name) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static String unescape(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }
}
