package io.jnet.ipam.pool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.IpPrefix;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The identity of a pool: its range for people, and random digits, so that a late message about an earlier pool of the same range does not
 * hit this one.
 *
 * @param value as {@code 10.1.0.0/16@5f3a90c1}
 */
public record PoolId(@JsonValue String value) {
    private static final Pattern VALID = Pattern.compile("[0-9a-f.:]{2,39}/[0-9]{1,3}@[0-9a-f]{8}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SHOWN = 60;

    /**
     * @throws EngineException with {@code NOT_FOUND} for what cannot be a pool's identity
     */
    @JsonCreator
    public PoolId {
        if (!VALID.matcher(value).matches()) {
            String shown = value.substring(0, Math.min(value.length(), SHOWN)).replaceAll("[^\\x20-\\x7e]|\"", "?");
            throw EngineException.notFound("no address pool \"" + shown + "\"");
        }
    }

    /** The identity that a text is; empty for what cannot be one. */
    public static Optional<PoolId> find(String text) {
        return VALID.matcher(text).matches() ? Optional.of(new PoolId(text)) : Optional.empty();
    }

    /** A new identity for a pool of the range. */
    public static PoolId draw(IpPrefix prefix) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        return new PoolId(prefix + "@" + HexFormat.of().formatHex(random));
    }

    /** The range that it says; empty when that is none. */
    public Optional<IpPrefix> prefix() {
        try {
            return Optional.of(IpPrefix.parse(value.substring(0, value.indexOf('@'))));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
