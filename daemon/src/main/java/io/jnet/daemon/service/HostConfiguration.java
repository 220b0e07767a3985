package io.jnet.daemon.service;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.engine.network.PublishPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the host's owner says to jnet in a file: lines of {@code key = value}; empty ones and what begins with {@code #} count for nothing.
 *
 * @param publish {@code publish.policy}: whom networks and containers may let in at most
 */
record HostConfiguration(PublishPolicy publish) {
    /** What holds where there is no file. */
    static final HostConfiguration DEFAULT = new HostConfiguration(PublishPolicy.OPEN);

    private static final String PUBLISH_POLICY = "publish.policy";

    /**
     * Reads a file; one that is not there says nothing.
     *
     * @throws EngineException with {@code INVALID_REQUEST} that names file and line, when it says what is not understood; with {@code INTERNAL}
     *     when it cannot be read
     */
    static HostConfiguration read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return DEFAULT;
        } catch (IOException e) {
            throw new EngineException(ErrorCode.INTERNAL, "cannot read " + file + ": " + e.getMessage(), e);
        }
        HostConfiguration configuration = DEFAULT;
        Set<String> said = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + " line " + (i + 1) + ": ";
            int equals = line.indexOf('=');
            String key = equals < 0 ? line : line.substring(0, equals).strip();
            if (!key.equals(PUBLISH_POLICY)) {
                throw EngineException.invalid(
                        where + "unknown key \"" + printable(key) + "\": known is " + PUBLISH_POLICY);
            }
            if (equals < 0 || !said.add(key)) {
                throw EngineException.invalid(where + key + (equals < 0 ? " without a value" : " is there twice"));
            }
            configuration = new HostConfiguration(
                    policy(where, line.substring(equals + 1).strip()));
        }
        return configuration;
    }

    private static PublishPolicy policy(String where, String value) {
        try {
            return PublishPolicy.parse(value.replace(" ", ""));
        } catch (IllegalArgumentException invalid) {
            throw new EngineException(
                    ErrorCode.INVALID_REQUEST,
                    where + "invalid " + PUBLISH_POLICY + " \"" + printable(value) + "\": " + invalid.getMessage(),
                    invalid);
        }
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 50)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
