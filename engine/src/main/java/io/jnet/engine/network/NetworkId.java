package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import java.util.regex.Pattern;

/**
 * The identity of a network, chosen by the front end: 64 hex digits from Docker, 25 base-36 digits from a swarm.
 *
 * @param value 1 to 128 of letters, digits, {@code _}, {@code .} and {@code -}
 */
public record NetworkId(String value) implements Comparable<NetworkId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /**
     * @throws EngineException with {@code INVALID_REQUEST} for any other text
     */
    public NetworkId {
        if (!VALID.matcher(value).matches()) {
            throw EngineException.invalid(
                    value.isEmpty()
                            ? "missing network id"
                            : "invalid network id: want 1 to 128 letters, digits, \"_\", \".\" or \"-\"");
        }
    }

    @Override
    public int compareTo(NetworkId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
