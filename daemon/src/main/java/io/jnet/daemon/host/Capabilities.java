package io.jnet.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The capabilities of this process (capabilities(7)), read from {@code CapEff} of {@code /proc/self/status} (proc(5)). */
public final class Capabilities {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "CapEff:";

    private Capabilities() {}

    /**
     * Checks that this process may do what it is there for.
     *
     * @param who the beginning of the message: {@code the daemon}
     * @throws HostException that names what is missing
     */
    public static void require(String who, Collection<Capability> needed) {
        require(who, needed, effective());
    }

    static void require(String who, Collection<Capability> needed, long effective) {
        String missing = needed.stream()
                .filter(capability -> !capability.isIn(effective))
                .map(Capability::name)
                .collect(Collectors.joining(" and "));
        if (!missing.isEmpty()) {
            throw new HostException(who + " lacks " + missing + ": run it as root");
        }
    }

    static long parse(List<String> status) {
        for (String line : status) {
            if (line.startsWith(FIELD)) {
                return Long.parseUnsignedLong(line.substring(FIELD.length()).strip(), 16);
            }
        }
        throw new HostException("cannot tell the capabilities of this process: no CapEff in " + STATUS);
    }

    private static long effective() {
        try {
            return parse(Files.readAllLines(STATUS));
        } catch (IOException unreadable) {
            throw new HostException(
                    "cannot tell the capabilities of this process: " + STATUS + " is not readable", unreadable);
        }
    }
}
