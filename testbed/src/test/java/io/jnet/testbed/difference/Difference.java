package io.jnet.testbed.difference;

/**
 * A value that is one with the reference plugins and another with jnet.
 *
 * @param key the value's name
 * @param reference what it is with the reference plugins
 * @param jnet what it is with jnet
 */
public record Difference(String key, String reference, String jnet) {
    /** There is no such value. */
    static final String ABSENT = "-";

    /** Whether this is about a thing that only one has, and the name that of one of its fields. */
    boolean isOfAThing(String name) {
        return (reference.equals(Values.THERE) || jnet.equals(Values.THERE)) && name.startsWith(key + ".");
    }

    @Override
    public String toString() {
        return "| `%s` | `%s` | `%s` |".formatted(key, reference, jnet);
    }
}
