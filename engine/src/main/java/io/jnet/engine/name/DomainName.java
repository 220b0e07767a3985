package io.jnet.engine.name;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name as resolvers know it, in small letters and without the dot at its end: 1 to 253 characters, labels of 1 to 63 letters, digits, "-"
 * and "_", neither of which a label ends with, and which "-" does not begin (RFC 1123 section 2.1; "_" is no part of host names, but of the
 * names that people give to containers, and of services, RFC 2782).
 *
 * @param text the name
 */
public record DomainName(String text) implements Comparable<DomainName> {
    /** The longest name as text (RFC 1035 section 3.1: 255 bytes with lengths and root). */
    public static final int LONGEST = 253;

    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    /** A label that is all digits at the end would make the name look like an address (RFC 1123 section 2.1). */
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    /**
     * @throws IllegalArgumentException when the text is no name, or looks like an address
     */
    public DomainName {
        if (text.length() > LONGEST || !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "want labels of 1 to 63 letters, digits, \"-\" or \"_\" with dots between them");
        }
        if (text.indexOf('.') >= 0 && NUMERIC_END.matcher(text).matches()) {
            throw new IllegalArgumentException("a name that ends with a number looks like an address");
        }
    }

    /**
     * Reads a name in letters of any case, with or without the dot at its end.
     *
     * @throws IllegalArgumentException when the text is no name
     */
    public static DomainName parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return new DomainName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }

    /** The name of a text that may be none, or may have dots: empty for these. */
    public static Optional<DomainName> label(String text) {
        try {
            return Optional.of(parse(text)).filter(DomainName::isLabel);
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** Whether it has no dots. */
    public boolean isLabel() {
        return text.indexOf('.') < 0;
    }

    /** Whether it is a name of the domain: below it, or the domain itself. */
    public boolean isIn(DomainName domain) {
        int dot = text.length() - domain.text.length() - 1;
        return text.equals(domain.text) || (dot > 0 && text.endsWith(domain.text) && text.charAt(dot) == '.');
    }

    @Override
    public int compareTo(DomainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
