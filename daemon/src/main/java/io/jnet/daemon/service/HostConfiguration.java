package io.jnet.daemon.service;

import io.jnet.daemon.socket.ListenAddress;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.PublishPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the host's owner says to jnet in a file: lines of {@code key = value}; empty ones and what begins with {@code #} count for nothing.
 *
 * @param publish {@code publish.policy}: whom networks and containers may let in at most
 * @param metrics {@code metrics.listen}: where metrics are told over TCP; empty for nowhere
 */
public record HostConfiguration(PublishPolicy publish, Optional<ListenAddress> metrics) {
    /** What holds where there is no file. */
    static final HostConfiguration DEFAULT = new HostConfiguration(PublishPolicy.OPEN, Optional.empty());

    private static final Path FILE = Path.of("/etc/jnet/jnet.conf");
    private static final String PUBLISH_POLICY = "publish.policy";
    private static final String METRICS_LISTEN = "metrics.listen";

    /** What is said to the jnet of this host; throws as {@link #read}. */
    public static HostConfiguration ofHost() {
        return read(FILE);
    }

    /**
     * Reads a file; one that is not there says nothing.
     *
     * @throws EngineException with {@code INVALID_REQUEST} that names file and line, when it says what is not understood; with {@code INTERNAL}
     *     when it cannot be read
     */
    static HostConfiguration read(Path file) {
        List<String> lines;
        try {
            // What is no UTF-8 is replaced: in a comment it says nothing, and as a value it is refused with its line.
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
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
            requireKnown(where, key);
            if (equals < 0 || !said.add(key)) {
                throw EngineException.invalid(where + key + (equals < 0 ? " without a value" : " is there twice"));
            }
            configuration =
                    configuration.with(where, key, line.substring(equals + 1).strip());
        }
        return configuration;
    }

    private static void requireKnown(String where, String key) {
        if (!key.equals(PUBLISH_POLICY) && !key.equals(METRICS_LISTEN)) {
            throw EngineException.invalid(where + "unknown key \"" + printable(key) + "\": known are " + PUBLISH_POLICY
                    + " and " + METRICS_LISTEN);
        }
    }

    private HostConfiguration with(String where, String key, String value) {
        try {
            return key.equals(PUBLISH_POLICY)
                    ? new HostConfiguration(PublishPolicy.parse(value.replace(" ", "")), metrics)
                    : new HostConfiguration(publish, Optional.of(ListenAddress.parse(value)));
        } catch (IllegalArgumentException invalid) {
            throw new EngineException(
                    ErrorCode.INVALID_REQUEST,
                    where + "invalid " + key + " \"" + printable(value) + "\": " + invalid.getMessage(),
                    invalid);
        }
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 50)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
