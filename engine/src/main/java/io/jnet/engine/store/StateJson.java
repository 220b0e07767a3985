package io.jnet.engine.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Records as JSON, value types as their text: what is in the store can be read by a person and by a later version. */
public final class StateJson {
    /** A record's components, and nothing that follows from them. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(valueTypes())
            .changeDefaultVisibility(visibility -> visibility.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .build();

    private static final int LONGEST_SHOWN = 400;

    private StateJson() {}

    /** The JSON of a record. */
    public static byte[] encode(Object record) {
        return MAPPER.writeValueAsBytes(record);
    }

    /**
     * The record of JSON; what is absent is empty, 0 or false, or what the record's type takes it for.
     *
     * @param key what the record is stored under, for the message
     * @throws EngineException with {@code INTERNAL} that names the record, when the bytes are not one, or not all of one
     */
    public static <T> T decode(byte[] bytes, Class<T> type, String key) {
        T record;
        try {
            record = MAPPER.readValue(bytes, type);
        } catch (JacksonException | EngineException e) {
            throw unreadable(type, key, firstLine(String.valueOf(e.getMessage())), e);
        }
        Optional<String> absent = Completeness.absent(record);
        if (absent.isPresent()) {
            throw unreadable(type, key, absent.get() + " is missing", null);
        }
        return record;
    }

    /**
     * A value that is no JSON, of its bytes.
     *
     * @param what the value and what it is stored under, for the message
     * @param parser refuses bytes that are not one by an {@link IllegalArgumentException}
     * @throws EngineException with {@code INTERNAL} that names the value, when the bytes are not one
     */
    public static <T> T value(byte[] bytes, String what, Function<byte[], T> parser) {
        try {
            return parser.apply(bytes);
        } catch (IllegalArgumentException | EngineException e) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "unreadable " + printable(what) + " in the state: " + firstLine(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static EngineException unreadable(Class<?> type, String key, String reason, Throwable cause) {
        return new EngineException(
                ErrorCode.INTERNAL,
                "unreadable " + type.getSimpleName() + " record \"" + printable(key) + "\" in the state: " + reason,
                cause);
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return printable(end < 0 ? message : message.substring(0, end));
    }

    /** What is damaged may hold anything, and the message is one line of a log. */
    private static String printable(String text) {
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static SimpleModule valueTypes() {
        SimpleModule module = new SimpleModule("jnet-values");
        asText(module, NetworkId.class, NetworkId::new);
        asText(module, EndpointId.class, EndpointId::new);
        asText(module, InterfaceName.class, InterfaceName::new);
        asText(module, MacAddress.class, MacAddress::parse);
        asText(module, IpAddress.class, IpAddress::parse);
        asText(module, IpPrefix.class, IpPrefix::parse);
        asText(module, PublishPolicy.class, PublishPolicy::parse);
        asText(module, DomainName.class, DomainName::parse);
        asText(module, NameServer.class, NameServer::parse);
        asText(module, StaticRecord.class, StaticRecord::parse);
        return module;
    }

    private static <T> void asText(SimpleModule module, Class<T> type, Function<String, T> parser) {
        module.addSerializer(type, new TextSerializer<>(type));
        module.addDeserializer(type, new TextDeserializer<>(type, parser));
    }

    private static final class TextSerializer<T> extends StdSerializer<T> {
        TextSerializer(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(value.toString());
        }
    }

    private static final class TextDeserializer<T> extends StdDeserializer<T> {
        private final transient Function<String, T> parser;

        TextDeserializer(Class<T> type, Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) {
            String text = json.getString();
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException | EngineException e) {
                return type(context.handleWeirdStringValue(handledType(), text, "%s", e.getMessage()));
            }
        }

        @SuppressWarnings("unchecked")
        private T type(Object value) {
            return (T) value;
        }
    }
}
