package io.jnet.engine.store;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records as they were decoded the last time, for as long as the store has the same bytes for them: with a thousand containers each change of the host has
 * all of them looked at, and reading their JSON again each time would be most of what the daemon does. What a transaction sees is decided by the bytes
 * alone, so nothing that is taken back or done by another transaction is ever wrong here. Thread-safe.
 */
final class DecodedRecords {
    private final Map<Class<?>, Map<String, Decoded>> records = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays.equals
    private record Decoded(byte[] bytes, Object record) {}

    /**
     * The record that the bytes are.
     *
     * @param key which record of its type it is
     */
    <T> T decode(byte[] bytes, Class<T> type, String key) {
        Map<String, Decoded> ofType = records.computeIfAbsent(type, one -> new ConcurrentHashMap<>());
        Decoded known = ofType.get(key);
        if (known == null || !Arrays.equals(known.bytes(), bytes)) {
            known = new Decoded(bytes, StateJson.decode(bytes, type, key));
            ofType.put(key, known);
        }
        return type.cast(known.record());
    }

    /** Forgets a record that is being removed. */
    void forget(Class<?> type, String key) {
        Map<String, Decoded> ofType = records.get(type);
        if (ofType != null) {
            ofType.remove(key);
        }
    }
}
