package io.jnet.daemon.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The capabilities of this process (capabilities(7)), read from {@code CapEff} of {@code /proc/self/status} (proc(5)). */
public final class Capabilities {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "CapEff:";
    /** Bits of include/uapi/linux/capability.h. */
    private static final int CAP_NET_ADMIN = 12;

    private static final int CAP_SYS_ADMIN = 21;

    private Capabilities() {}

    /**
     * Checks that this process may configure networks and enter namespaces.
     *
     * @throws HostException that names what is missing
     */
    public static void require() {
        require("the daemon");
    }

    /**
     * The same for something else than the daemon.
     *
     * @param who the beginning of the message: {@code this command}
     */
    public static void require(String who) {
        require(who, effective());
    }

    static void require(long effective) {
        require("the daemon", effective);
    }

    private static void require(String who, long effective) {
        List<String> missing = new ArrayList<>();
        if ((effective >>> CAP_NET_ADMIN & 1) == 0) {
            missing.add("CAP_NET_ADMIN");
        }
        if ((effective >>> CAP_SYS_ADMIN & 1) == 0) {
            missing.add("CAP_SYS_ADMIN");
        }
        if (!missing.isEmpty()) {
            throw new HostException(who + " lacks " + String.join(" and ", missing) + ": run it as root");
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
