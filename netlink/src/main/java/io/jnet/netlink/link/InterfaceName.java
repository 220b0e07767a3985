package io.jnet.netlink.link;

import java.util.regex.Pattern;

/**
 * The name of a network interface, restricted to what is safe everywhere that jnet writes one.
 *
 * <p>Linux allows almost any byte but {@code /}, {@code :} and white space (net/core/dev.c, {@code dev_valid_name}), quotes, braces and
 * semicolons included, and such a name would change the meaning of an nft command or of a sysctl path. This type holds
 * {@code [A-Za-z0-9_.-]{1,15}} only, and neither {@code .} nor {@code ..}.
 *
 * @param value the name, 1 to 15 characters
 */
public record InterfaceName(String value) implements Comparable<InterfaceName> {
    /** The longest name that Linux takes: {@code IFNAMSIZ} less the terminating zero. */
    public static final int MAX_LENGTH = 15;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

    /**
     * @throws IllegalArgumentException when the name holds another character, or is empty or too long
     */
    public InterfaceName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("invalid interface name \"" + printable(value)
                    + "\": want 1 to 15 of letters, digits, \"_\", \".\" and \"-\"");
        }
    }

    /** Whether {@code value} can be an {@code InterfaceName}. */
    public static boolean isValid(String value) {
        return VALID.matcher(value).matches() && !value.equals(".") && !value.equals("..");
    }

    @Override
    public int compareTo(InterfaceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String printable(String value) {
        String shown = value.length() > 40 ? value.substring(0, 40) + "..." : value;
        return shown.replaceAll("[^\\x20-\\x7e]|\"", "?");
    }
}
