package io.jnet.driver.protocol;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * The names of an object's fields. The values are skipped unread: for an endpoint they repeat the port map, which has 65,535 elements when
 * somebody publishes every port.
 *
 * @param names the names
 */
@JsonDeserialize(using = OptionNames.Reader.class)
public record OptionNames(Set<String> names) {
    /** No options. */
    public static final OptionNames NONE = new OptionNames(Set.of());

    private static final int SHOWN = 50;

    public OptionNames {
        names = Set.copyOf(names);
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
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return new OptionNames(names);
        }
    }
}
