package io.jnet.engine.store;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;

/**
 * Whether a record has all its parts. JSON leaves out what it will, and a record of which the half is there would be found out only where
 * somebody uses it; what an earlier version did not write, the records' own constructors have filled in.
 */
final class Completeness {
    /** What each type of record is made of: asking Java again for each of many records would take longer than reading them. */
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    private Completeness() {}

    /** The first part that is not there, such as {@code spec.subnets}; empty when all are. */
    static Optional<String> absent(Object value) {
        if (value == null) {
            return Optional.of("it");
        }
        if (value instanceof Optional<?> optional) {
            return optional.flatMap(Completeness::absent);
        }
        if (value instanceof Collection<?> values) {
            return values.stream()
                    .map(Completeness::absent)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return value instanceof Record record ? absentIn(record) : Optional.empty();
    }

    private static Optional<String> absentIn(Record record) {
        for (RecordComponent component : COMPONENTS.get(record.getClass())) {
            Optional<String> absent = absent(value(record, component));
            if (absent.isPresent()) {
                String inside = absent.get().equals("it") ? "" : "." + absent.get();
                return Optional.of(component.getName() + inside);
            }
        }
        return Optional.empty();
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot look into " + record.getClass(), e);
        }
    }
}
