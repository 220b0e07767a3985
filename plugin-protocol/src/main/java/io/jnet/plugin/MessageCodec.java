package io.jnet.plugin;

import java.util.Collection;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Reads and writes messages: strict in types, as Go's decoder is, and lenient in unknown fields. */
public final class MessageCodec {
    private static final int SHOWN = 80;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(MessageShape.CONSTRAINTS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .withCoercionConfig(LogicalType.Textual, texts -> {
                texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                texts.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                texts.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .build();

    /**
     * Reads one message.
     *
     * @throws ProtocolException when the body is empty, truncated, no JSON, or of another shape. An empty body is never "all defaults": it
     *     is what dockerd's retry sends after a connection died under a request that it had written (moby, pkg/plugins/client.go)
     */
    public <T> T read(byte[] body, Class<T> type) {
        if (isBlank(body)) {
            throw new ProtocolException("the request has no body");
        }
        try {
            MessageShape.check(body);
            T message = mapper.readValue(body, type);
            if (message == null) {
                throw new ProtocolException("invalid request: want an object, not null");
            }
            return message;
        } catch (StreamReadException broken) {
            throw new ProtocolException("invalid request: not JSON: " + firstLine(broken.getOriginalMessage()), broken);
        } catch (MismatchedInputException mismatch) {
            throw new ProtocolException("invalid request: " + describe(mismatch), mismatch);
        } catch (JacksonException other) {
            throw new ProtocolException("invalid request: " + firstLine(other.getOriginalMessage()), other);
        }
    }

    /** Writes one message. */
    public byte[] write(Object message) {
        return mapper.writeValueAsBytes(message);
    }

    private static boolean isBlank(byte[] body) {
        for (byte one : body) {
            if (one != ' ' && one != '\n' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    private static String describe(MismatchedInputException mismatch) {
        String path = mismatch.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
        String shown = path.length() > SHOWN ? path.substring(0, SHOWN) + "..." : path;
        String wanted = mismatch.getTargetType() == null ? "another type" : name(mismatch.getTargetType());
        return (shown.isEmpty() ? "" : printable(shown) + ": ") + "want " + wanted;
    }

    private static String name(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return printable(line.length() > 2 * SHOWN ? line.substring(0, 2 * SHOWN) + "..." : line);
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
