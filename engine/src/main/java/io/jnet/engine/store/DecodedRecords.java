package io.jnet.engine.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records as they were decoded or written the last time, for as long as the store has the same bytes for them: with a thousand containers each change of the host has
 * all of them looked at, and reading their JSON again each time would be most of what the daemon does. What a transaction sees is decided by the bytes
 * alone, so nothing that is taken back or done by another transaction is ever wrong here. Thread-safe.
 */
final class DecodedRecords {
    /** How many more than there are may be kept. */
    private static final int SLACK = 64;

    private final Map<Class<?>, Map<String, Decoded>> records = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays.equals
    private record Decoded(byte[] bytes, Object record) {}

    /**
     * The record that the bytes are.
     *
     * @param key which record of its type it is
     */
    <T> T decode(byte[] bytes, Class<T> type, String key) {
        Map<String, Decoded> ofType = ofType(type);
        Decoded known = ofType.get(key);
        if (known == null || !Arrays.equals(known.bytes(), bytes)) {
            known = new Decoded(bytes, StateJson.decode(bytes, type, key));
            ofType.put(key, known);
        }
        return type.cast(known.record());
    }

    /**
     * Knows a record of the bytes that it was encoded to.
     *
     * @param key which record of its type it is
     */
    void remember(byte[] bytes, Object record, String key) {
        ofType(record.getClass()).put(key, new Decoded(bytes, record));
    }

    private Map<String, Decoded> ofType(Class<?> type) {
        return records.computeIfAbsent(type, one -> new ConcurrentHashMap<>());
    }

    /**
     * Forgets records that are gone: a reader that began before a removal may have put one back after it was forgotten.
     *
     * @param present all of the type that there are
     */
    void keepOnly(Class<?> type, Set<String> present) {
        Map<String, Decoded> ofType = records.get(type);
        // Those that have just come are not among them, and are read again where they are dropped.
        if (ofType != null && ofType.size() > present.size() + SLACK) {
            ofType.keySet().retainAll(present);
        }
    }

    /** Forgets a record that is being removed. */
    void forget(Class<?> type, String key) {
        Map<String, Decoded> ofType = records.get(type);
        if (ofType != null) {
            ofType.remove(key);
        }
    }
}
