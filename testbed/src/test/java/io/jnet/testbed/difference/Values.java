package io.jnet.testbed.difference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Named values: what a host makes of a case. A thing that is there or not is a value of its own, {@link #THERE}, and the values of its fields begin with its name and a dot. */
public final class Values {
    /** The value of a thing with fields. */
    static final String THERE = "there";

    private final SortedMap<String, String> values = new TreeMap<>();

    /** A value of this name. */
    void put(String name, String value) {
        values.put(name, value);
    }

    /**
     * A thing with the fields of an object, those of objects in it among them.
     *
     * @param words what stands in the place of texts that differ from host to host by nature
     */
    void thing(String name, JsonNode object, Words words) {
        values.put(name, THERE);
        fields(name, object, words);
    }

    /** The fields of an object, without the object itself. */
    void fields(String name, JsonNode object, Words words) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String path = name + "." + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject() && !value.isEmpty()) {
                fields(path, value, words);
            } else {
                values.put(path, words.in(value.isValueNode() ? value.asString() : listed(value)));
            }
        }
    }

    private static String listed(JsonNode value) {
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(element.isValueNode() ? element.asString() : element.toString()));
        return value.isObject() ? "{}" : elements.stream().collect(Collectors.joining(" ", "[", "]"));
    }

    /** The value of a name, or {@code -}. */
    String get(String name) {
        return values.getOrDefault(name, Difference.ABSENT);
    }

    /** In which values two hosts differ. Of a thing that only one has, its fields are not told. */
    public static List<Difference> differences(Values reference, Values jnet) {
        SortedMap<String, String> all = new TreeMap<>(reference.values);
        all.putAll(jnet.values);
        List<Difference> differences = new ArrayList<>();
        for (String name : all.keySet()) {
            Difference difference = new Difference(name, reference.get(name), jnet.get(name));
            if (!difference.reference().equals(difference.jnet())
                    && differences.stream().noneMatch(told -> told.isOfAThing(name))) {
                differences.add(difference);
            }
        }
        return Collections.unmodifiableList(differences);
    }
}
