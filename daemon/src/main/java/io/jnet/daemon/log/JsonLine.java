package io.jnet.daemon.log;

import java.io.StringWriter;
import java.util.Set;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON object: {@code time}, {@code level}, {@code logger}, {@code message}, the pairs under their own names, numbers and truth values as
 * such, and {@code trace} where something should not have happened.
 */
final class JsonLine {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> OWN = Set.of("time", "level", "logger", "message", "trace");

    private JsonLine() {}

    static String of(LogEntry entry) {
        StringWriter line = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("time", entry.time().toString());
            json.writeStringProperty("level", entry.level().name());
            json.writeStringProperty("logger", entry.logger());
            json.writeStringProperty("message", String.valueOf(entry.message()));
            for (KeyValuePair pair : entry.pairs()) {
                json.writeName(OWN.contains(pair.key) ? pair.key + "_" : pair.key);
                write(json, pair.value);
            }
            entry.cause().ifPresent(cause -> json.writeStringProperty("trace", TextLine.trace(cause)));
            json.writeEndObject();
        }
        return line.append('\n').toString();
    }

    private static void write(JsonGenerator json, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
