package io.jnet.engine.endpoint;

import io.jnet.engine.failure.EngineException;
import java.util.regex.Pattern;

/**
 * The identity of an endpoint, chosen by the front end: 64 hex digits from Docker.
 *
 * @param value 1 to 128 of letters, digits, {@code _}, {@code .} and {@code -}
 */
public record EndpointId(String value) implements Comparable<EndpointId> {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    /**
     * @throws EngineException with {@code INVALID_REQUEST} for any other text
     */
    public EndpointId {
        if (!VALID.matcher(value).matches()) {
            throw EngineException.invalid(
                    value.isEmpty()
                            ? "missing endpoint id"
                            : "invalid endpoint id: want 1 to 128 letters, digits, \"_\", \".\" or \"-\"");
        }
    }

    @Override
    public int compareTo(EndpointId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
