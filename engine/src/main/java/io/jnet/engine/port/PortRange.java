package io.jnet.engine.port;

import io.jnet.engine.failure.EngineException;

/**
 * One port or a run of consecutive ports.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 */
public record PortRange(int first, int last) {
    /** The highest port number. */
    public static final int MAX_PORT = 65535;

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when out of range
     */
    public PortRange {
        if (first < 1 || last > MAX_PORT || first > last) {
            throw EngineException.invalid("invalid port range " + first + "-" + last + ": want 1 to " + MAX_PORT);
        }
    }

    /** The range of one port. */
    public static PortRange of(int port) {
        return new PortRange(port, port);
    }

    /** How many ports. */
    public int size() {
        return last - first + 1;
    }

    /** Whether a port is in both. */
    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    /** {@code 80} or {@code 8000-8010}. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
