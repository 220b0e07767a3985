package io.jnet.bench.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java that may run the daemon.
 *
 * @param home its folder
 * @param major its version, such as 17
 */
record JavaRuntime(Path home, int major) {
    private static final Path FOLDER = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

    /** The Javas of this machine that jnet runs on, one of each version, the oldest first; and the one that runs this, wherever it is. */
    static List<JavaRuntime> all() {
        JavaRuntime own = new JavaRuntime(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
        List<JavaRuntime> others =
                installed().stream().filter(java -> java.major() != own.major()).toList();
        return Stream.concat(Stream.of(own), others.stream())
                .sorted(Comparator.comparing(JavaRuntime::major))
                .toList();
    }

    private static List<JavaRuntime> installed() {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (var homes = Files.list(FOLDER)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .flatMap(home -> of(home).stream())
                    .filter(java -> java.major() >= OLDEST)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list " + FOLDER, e);
        }
    }

    private static Optional<JavaRuntime> of(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return Optional.empty();
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find()
                    ? Optional.of(new JavaRuntime(home, Integer.parseInt(version.group(1))))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("read " + release, e);
        }
    }

    @Override
    public String toString() {
        return "Java " + major;
    }
}
