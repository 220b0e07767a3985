package io.jnet.engine.link;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an alias says beyond whose the link is: what a lost state could not be rebuilt without, since nothing else in the kernel shows it.
 *
 * @param values by their keys, the most important first; values are printable ASCII without blanks
 * @param complete whether nothing was left out for lack of room, or because it is no such text
 */
public record Particulars(Map<String, String> values, boolean complete) {
    /** Nothing is said: as jnet's aliases were before they said any. */
    public static final Particulars NONE = new Particulars(Map.of(), true);

    /** Ends an alias whose object has more that matters. */
    private static final String INCOMPLETE = " +";

    private static final Pattern ITEM = Pattern.compile("([a-z]+)=([!-~]+)");
    private static final Pattern WHOLE = Pattern.compile("(?: [a-z]+=[!-~]+)*(?: \\+)?");

    public Particulars {
        values = new LinkedHashMap<>(values);
    }

    /** Collects particulars. */
    public static final class Builder {
        private final Map<String, String> values = new LinkedHashMap<>();
        private boolean complete = true;

        /** Adds one; text that an alias cannot hold is left out. */
        public Builder with(String key, String value) {
            if (ITEM.matcher(key + "=" + value).matches()) {
                values.put(key, value);
            } else {
                complete = false;
            }
            return this;
        }

        /** Adds one where there is a value. */
        public Builder with(String key, Optional<?> value) {
            value.ifPresent(one -> with(key, one.toString()));
            return this;
        }

        /** Adds a list, comma-separated, unless it is empty. */
        public Builder with(String key, List<?> list) {
            return list.isEmpty()
                    ? this
                    : with(
                            key,
                            String.join(",", list.stream().map(Object::toString).toList()));
        }

        /** All of them. */
        public Particulars build() {
            return new Particulars(values, complete);
        }
    }

    /** The particulars that a text is, as {@link #text} has it; empty for any other. */
    static Optional<Particulars> parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        Matcher items = ITEM.matcher(text);
        while (items.find()) {
            values.put(items.group(1), items.group(2));
        }
        return Optional.of(new Particulars(values, !text.endsWith(INCOMPLETE)));
    }

    /** One of them. */
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** One that is a list; empty when it is absent. */
    public List<String> list(String key) {
        return value(key).map(text -> Arrays.asList(text.split(",", -1))).orElse(List.of());
    }

    /** As the end of an alias, each after a blank; those that {@code room} bytes are too few for are left out. */
    String text(int room) {
        String all = text(values.entrySet());
        if (complete && all.length() <= room) {
            return all;
        }
        List<Map.Entry<String, String>> fitting = new ArrayList<>();
        for (Map.Entry<String, String> value : values.entrySet()) {
            fitting.add(value);
            if (text(fitting).length() + INCOMPLETE.length() > room) {
                fitting.remove(value);
            }
        }
        String text = text(fitting);
        return text.length() + INCOMPLETE.length() > room ? text : text + INCOMPLETE;
    }

    private static String text(Collection<Map.Entry<String, String>> values) {
        return values.stream()
                .map(value -> " " + value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining());
    }
}
