package io.jnet.engine.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which host this process runs on, and whether it may change its network. */
public final class HostIdentity {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";

    /** {@code CAP_NET_ADMIN} (include/uapi/linux/capability.h). */
    private static final int CAP_NET_ADMIN = 12;

    private HostIdentity() {}

    /**
     * The boot of this kernel: another one after each reboot.
     *
     * @throws EngineException with {@code UNSUPPORTED} without /proc
     */
    public static String boot() {
        return read(BOOT_ID).strip();
    }

    /**
     * Makes sure that this process may change links and rules.
     *
     * @throws EngineException with {@code UNSUPPORTED} that names the missing capability
     */
    public static void requireNetworkAdministration() {
        String mask = read(STATUS)
                .lines()
                .filter(line -> line.startsWith(EFFECTIVE))
                .findFirst()
                .orElse(EFFECTIVE + "0")
                .substring(EFFECTIVE.length())
                .strip();
        if (!new BigInteger(mask, 16).testBit(CAP_NET_ADMIN)) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "missing capability CAP_NET_ADMIN: run jnet as root, or with that capability");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new EngineException(ErrorCode.UNSUPPORTED, "cannot read " + file + ": is /proc mounted?", e);
        }
    }
}
