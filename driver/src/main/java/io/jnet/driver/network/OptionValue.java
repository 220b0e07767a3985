package io.jnet.driver.network;

import io.jnet.driver.protocol.OptionNames;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.GatewayMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * One {@code -o KEY=VALUE}.
 *
 * @param key the option's name
 * @param text the value as given
 */
record OptionValue(String key, String text) {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    /** The value as Go's {@code strconv.ParseBool} reads it, which is what the built-in driver uses. */
    boolean asBoolean() {
        if (TRUE.contains(text)) {
            return true;
        }
        if (FALSE.contains(text)) {
            return false;
        }
        throw invalid("want true or false");
    }

    /** The value as a decimal number. */
    int asNumber() {
        if (!text.matches("[0-9]{1,9}")) {
            throw invalid("want a whole number");
        }
        return Integer.parseInt(text);
    }

    /** The value as Docker names gateway modes. */
    GatewayMode asGatewayMode() {
        for (GatewayMode mode : GatewayMode.values()) {
            if (text.equals(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return mode;
            }
        }
        throw invalid("want nat, nat-unprotected, routed or isolated");
    }

    /** The value read by {@code parser}, whose {@link IllegalArgumentException}s say what was wanted. */
    <T> T as(Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException bad) {
            throw new EngineException(
                    ErrorCode.INVALID_REQUEST, "invalid option " + key + ": " + bad.getMessage(), bad);
        }
    }

    /** The values between commas, blank ones left out, each read as by {@link #as}. */
    <T> List<T> asList(Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                values.add(new OptionValue(key, part.strip()).as(parser));
            }
        }
        return values;
    }

    /** The error that the value is not what the option wants. */
    EngineException invalid(String wanted) {
        return EngineException.invalid("invalid option " + key + "=" + OptionNames.shown(text) + ": " + wanted);
    }
}
