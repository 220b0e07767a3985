package io.jnet.engine.host;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.failure.Reasons;
import io.jnet.netlink.sysctl.SettingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings below {@code /proc/sys}. Those of {@code net} are the ones of the namespace that the opening thread is in, which for all
 * threads of the daemon is the host's.
 */
public final class ProcHostSettings implements HostSettings {
    private static final Pattern KEY = Pattern.compile("net(/(?!\\.{1,2}(/|$))[A-Za-z0-9_.-]+)+");

    private final Path root;

    /** @param root {@code /proc/sys}, or where it is mounted writable */
    public ProcHostSettings(Path root) {
        this.root = root;
    }

    @Override
    public Optional<String> read(String key) {
        try {
            return Optional.of(SettingFile.read(file(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new EngineException(ErrorCode.KERNEL, "cannot read setting " + key + ": " + Reasons.of(e), e);
        }
    }

    @Override
    public void write(String key, String value) {
        try {
            // One write: the kernel takes each write as a whole value.
            Files.writeString(file(key), value + "\n");
        } catch (IOException e) {
            throw new EngineException(ErrorCode.KERNEL, "cannot set " + key + " to " + value + ": " + Reasons.of(e), e);
        }
    }

    private Path file(String key) {
        if (!KEY.matcher(key).matches()) {
            throw EngineException.invalid("invalid setting " + key);
        }
        return root.resolve(key);
    }
}
