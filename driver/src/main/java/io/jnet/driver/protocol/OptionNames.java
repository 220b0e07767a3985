package io.jnet.driver.protocol;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * The names of an object's fields, and the values of those that are jnet's own. The others' are skipped unread: for an endpoint they repeat the
 * port map, which has 65,535 elements when somebody publishes every port.
 *
 * @param names all names
 * @param own the values of names that begin with {@code io.jnet.}, in whatever case, where they are texts
 */
@JsonDeserialize(using = OptionNames.Reader.class)
public record OptionNames(Set<String> names, Map<String, String> own) {
    /** No options. */
    public static final OptionNames NONE = new OptionNames(Set.of());

    private static final int SHOWN = 50;
    private static final String OWN_PREFIX = "io.jnet.";

    public OptionNames {
        names = Set.copyOf(names);
        own = Map.copyOf(own);
    }

    /** Names without values. */
    public OptionNames(Set<String> names) {
        this(names, Map.of());
    }

    /** Whether an option is jnet's. */
    public static boolean isOwn(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(OWN_PREFIX);
    }

    /** A name or a value as it stands in a message or a log: one line that can be printed, and its beginning only when it is long. */
    public static String shown(String text) {
        String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return start.replaceAll("[^\\x20-\\x7e]", "?");
    }

    static final class Reader extends StdDeserializer<OptionNames> {
        Reader() {
            super(OptionNames.class);
        }

        @Override
        public OptionNames deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.isExpectedStartObjectToken()) {
                return (OptionNames) context.handleUnexpectedToken(OptionNames.class, parser);
            }
            Set<String> names = new LinkedHashSet<>();
            Map<String, String> own = new HashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                names.add(name);
                if (parser.nextToken() == JsonToken.VALUE_STRING && isOwn(name)) {
                    own.put(name, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
            return new OptionNames(names, own);
        }
    }
}
