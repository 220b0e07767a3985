package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import io.jnet.daemon.install.HostFile.Kind;
import io.jnet.engine.failure.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of an unpacked jnet, and where on a host they belong. */
final class Distribution {
    /** Where it is on a host. */
    static final Path HOME = Path.of("/usr/lib/jnet");

    static final Path COMMAND = Path.of("/usr/bin/jnet");
    static final Path CONFIGURATION = Path.of("/etc/jnet/jnet.conf");
    static final Path UNITS = Path.of("/usr/lib/systemd/system");

    /** Made where jnet is, for the Java that is there: lib/make-archive. */
    static final List<String> MADE_THERE = List.of("lib/jnet.jsa", "lib/jnet.jsa.new", "lib/jnet.classes");

    private static final Set<String> FOLDERS = Set.of("bin", "lib", "share");
    private static final Path NATIVE = Path.of("lib/native");

    private final Path home;

    private Distribution(Path home) {
        this.home = home;
    }

    /**
     * The distribution in a folder.
     *
     * @throws HostException when it is not complete
     */
    static Distribution in(Path home) {
        for (String needed : List.of("bin/jnet", "bin/jnet-cni", "lib/jnet.jar", "share/systemd/jnet.service")) {
            if (!Files.isRegularFile(home.resolve(needed))) {
                throw new HostException("no " + needed + " in " + home + ": unpack a complete distribution of jnet");
            }
        }
        return new Distribution(home);
    }

    /** Whether it is where it belongs already. */
    boolean isAtHome(Path root) {
        try {
            Path place = HostFile.below(root, HOME);
            return Files.isDirectory(place) && Files.isSameFile(place, home);
        } catch (IOException unreadable) {
            throw new HostException("cannot read " + home + ": " + Reasons.of(unreadable), unreadable);
        }
    }

    /** Itself: what this processor can use. */
    List<HostFile> programs() {
        List<HostFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(home)) {
            all.map(home::relativize).filter(this::isProgram).sorted().forEach(relative -> {
                Path target = HOME.resolve(relative.toString());
                files.add(new HostFile(target, home.resolve(relative), Kind.PROGRAM));
            });
        } catch (IOException unreadable) {
            throw new HostException("cannot read " + home + ": " + Reasons.of(unreadable), unreadable);
        }
        return files;
    }

    /** What makes it a part of the host. */
    List<HostFile> surroundings() {
        return List.of(
                new HostFile(COMMAND, Path.of("../lib/jnet/bin/jnet"), Kind.LINK),
                settings(UNITS.resolve("jnet.service"), "systemd/jnet.service"),
                settings(UNITS.resolve("jnet.socket"), "systemd/jnet.socket"),
                settings(Path.of("/usr/lib/systemd/network/10-jnet.network"), "network/10-jnet.network"),
                settings(Path.of("/usr/lib/NetworkManager/conf.d/10-jnet.conf"), "network/10-jnet.conf"),
                settings(CONFIGURATION, "jnet.conf"));
    }

    private HostFile settings(Path target, String source) {
        return new HostFile(target, home.resolve("share").resolve(source), Kind.SETTINGS);
    }

    private boolean isProgram(Path relative) {
        boolean ours = FOLDERS.contains(relative.getName(0).toString())
                && Files.isRegularFile(home.resolve(relative))
                && !MADE_THERE.contains(relative.toString());
        boolean otherProcessor = relative.startsWith(NATIVE)
                && relative.getNameCount() > NATIVE.getNameCount()
                && !relative.getName(NATIVE.getNameCount()).toString().equals(processor());
        return ours && !otherProcessor;
    }

    private static String processor() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }
}
