package io.jnet.plugin;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A failure: {@code Err} is what dockerd reads from network drivers, {@code Error} from IPAM drivers.
 *
 * @param err one line
 * @param error the same line
 */
public record Failure(@JsonProperty("Err") String err, @JsonProperty("Error") String error) {
    /** The failure that says {@code message}. */
    public static Failure of(String message) {
        return new Failure(message, message);
    }
}
