package io.jnet.plugin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an absent or {@code null} field stands for: Go's zero value, from which dockerd's JSON cannot be told apart. */
public final class Absent {
    private Absent() {}

    public static String toEmpty(String value) {
        return value == null ? "" : value;
    }

    public static <T> List<T> toEmpty(List<T> values) {
        if (values == null) {
            return List.of();
        }
        List<T> present = new ArrayList<>(values.size());
        for (T value : values) {
            if (value != null) {
                present.add(value);
            }
        }
        return Collections.unmodifiableList(present);
    }

    public static Map<String, String> toEmpty(Map<String, String> values) {
        if (values == null) {
            return Map.of();
        }
        Map<String, String> present = new LinkedHashMap<>();
        values.forEach((key, value) -> present.put(key, toEmpty(value)));
        return Collections.unmodifiableMap(present);
    }
}
