package io.jnet.cni.configuration;

import io.jnet.cni.protocol.CniException;
import io.jnet.engine.failure.Printable;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, each read with its type. A field that is null counts as absent. Keys are found in any case, as Go's decoder
 * finds them: containerd writes {@code HostPort} where the convention has {@code hostPort}.
 */
final class Fields {
    private final String path;
    private final JsonNode object;
    private final Map<String, JsonNode> inAnyCase;

    private Fields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
        this.inAnyCase = inAnyCase(object);
    }

    /**
     * @param path names the object in messages; empty for the configuration itself
     * @throws CniException when it is no object
     */
    static Fields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw invalid(path, node, "an object");
        }
        return new Fields(path, node);
    }

    boolean has(String key) {
        return find(key).isPresent();
    }

    /** Whether the key is there and says more than its absence: not false, 0, or nothing. */
    boolean says(String key) {
        return find(key)
                .filter(node -> switch (node.getNodeType()) {
                    case BOOLEAN -> node.asBoolean();
                    case NUMBER -> node.asDouble() != 0;
                    case STRING -> !node.asString().isEmpty();
                    default -> !node.isEmpty();
                })
                .isPresent();
    }

    Optional<String> text(String key) {
        return find(key)
                .map(node -> {
                    if (!node.isString()) {
                        throw invalid(name(key), node, "a string");
                    }
                    return node.asString();
                })
                .filter(text -> !text.isEmpty());
    }

    boolean flag(String key, boolean otherwise) {
        return find(key)
                .map(node -> {
                    if (!node.isBoolean()) {
                        throw invalid(name(key), node, "true or false");
                    }
                    return node.asBoolean();
                })
                .orElse(otherwise);
    }

    OptionalInt number(String key) {
        return find(key)
                .map(node -> {
                    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
                        throw invalid(name(key), node, "a whole number");
                    }
                    return OptionalInt.of(node.asInt());
                })
                .orElse(OptionalInt.empty());
    }

    OptionalLong longNumber(String key) {
        return find(key)
                .map(node -> {
                    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
                        throw invalid(name(key), node, "a whole number");
                    }
                    return OptionalLong.of(node.asLong());
                })
                .orElse(OptionalLong.empty());
    }

    Optional<IpAddress> address(String key) {
        return parsed(key, IpAddress::parse, "an IP address");
    }

    Optional<IpPrefix> prefix(String key) {
        return parsed(key, IpPrefix::parse, "a range like 10.88.0.0/16");
    }

    Optional<MacAddress> mac(String key) {
        return parsed(key, MacAddress::parse, "a MAC address");
    }

    Optional<Fields> object(String key) {
        return find(key).map(node -> of(name(key), node));
    }

    /** The objects of a list; none when it is absent. */
    List<Fields> objects(String key) {
        return elements(key, Fields::of);
    }

    /** The lists of objects of a list; none when it is absent. */
    List<List<Fields>> objectLists(String key) {
        return elements(key, (name, list) -> elements(name, list, Fields::of));
    }

    List<String> texts(String key) {
        return elements(key, Fields::string);
    }

    /** The texts of a list whose key is somebody's name, and no other in another case; none when it is absent. */
    List<String> exactTexts(String key) {
        JsonNode list = object.get(key);
        return list == null || list.isNull() ? List.of() : elements(name(key), list, Fields::string);
    }

    /** Whether the value of a key is an object. */
    boolean isObject(String key) {
        return find(key).filter(JsonNode::isObject).isPresent();
    }

    /** {@code ipam.ranges[0]}. */
    String path() {
        return path;
    }

    /** {@code ipam.ranges[0].subnet}. */
    String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    JsonNode node() {
        return object;
    }

    private static String string(String name, JsonNode node) {
        if (!node.isString()) {
            throw invalid(name, node, "a string");
        }
        return node.asString();
    }

    private interface Reader<T> {
        T read(String name, JsonNode node);
    }

    private <T> List<T> elements(String key, Reader<T> reader) {
        return find(key).map(list -> elements(name(key), list, reader)).orElse(List.of());
    }

    private static <T> List<T> elements(String name, JsonNode list, Reader<T> reader) {
        if (!list.isArray()) {
            throw invalid(name, list, "a list");
        }
        List<T> elements = new ArrayList<>();
        for (JsonNode element : list) {
            elements.add(reader.read(name + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    private <T> Optional<T> parsed(String key, Function<String, T> parser, String wanted) {
        return text(key).map(text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException bad) {
                throw CniException.configuration(
                        "invalid " + name(key) + " \"" + Printable.of(text) + "\": want " + wanted);
            }
        });
    }

    private Optional<JsonNode> find(String key) {
        JsonNode exact = object.get(key);
        if (exact != null) {
            return Optional.of(exact).filter(node -> !node.isNull());
        }
        return Optional.ofNullable(inAnyCase.get(key.toLowerCase(Locale.ROOT)));
    }

    /** The first of those that differ in case only. */
    private static Map<String, JsonNode> inAnyCase(JsonNode object) {
        Map<String, JsonNode> fields = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isNull()) {
                fields.putIfAbsent(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
            }
        }
        return fields;
    }

    static CniException invalid(String name, JsonNode value, String wanted) {
        String where = name.isEmpty() ? "configuration" : name;
        return CniException.configuration(
                "invalid " + where + " " + Printable.of(value.toString()) + ": want " + wanted);
    }
}
