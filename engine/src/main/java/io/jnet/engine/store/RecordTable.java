package io.jnet.engine.store;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * A {@link SideTable} as one transaction sees it. Keys are ordered as unsigned bytes and have 1 to 511 of them. Valid only inside the call
 * that handed it out; writing needs a transaction that writes.
 */
public final class RecordTable {
    private final Dbi<byte[]> table;
    private final Txn<byte[]> txn;
    private final DecodedRecords decoded;
    private final Runnable beforeAddition;

    /**
     * @param decoded what records were decoded to the last time
     * @param beforeAddition refuses a record of a key that has none, by an exception
     */
    RecordTable(Dbi<byte[]> table, Txn<byte[]> txn, DecodedRecords decoded, Runnable beforeAddition) {
        this.table = table;
        this.txn = txn;
        this.decoded = decoded;
        this.beforeAddition = beforeAddition;
    }

    /** The record of a key. */
    public Optional<byte[]> get(byte[] key) {
        return Optional.ofNullable(table.get(txn, key));
    }

    /** Adds or replaces a record. */
    public void put(byte[] key, byte[] value) {
        if (get(key).isEmpty()) {
            beforeAddition.run();
        }
        table.put(txn, key, value);
    }

    /**
     * Removes a record.
     *
     * @return whether there was one
     */
    public boolean remove(byte[] key) {
        return table.delete(txn, key);
    }

    /**
     * Hands over records in the order of their keys, beginning at {@code from}, while the key begins with {@code prefix} and the visitor
     * answers true.
     */
    public void walk(byte[] from, byte[] prefix, Predicate<Entry> visitor) {
        try (Cursor<byte[]> cursor = table.openCursor(txn)) {
            boolean found = cursor.get(from, GetOp.MDB_SET_RANGE);
            while (found && startsWith(cursor.key(), prefix) && visitor.test(new Entry(cursor.key(), cursor.val()))) {
                found = cursor.seek(SeekOp.MDB_NEXT);
            }
        }
    }

    /** The first record whose key begins with {@code prefix}. */
    public Optional<Entry> first(byte[] prefix) {
        Entry[] first = new Entry[1];
        walk(prefix, prefix, entry -> {
            first[0] = entry;
            return false;
        });
        return Optional.ofNullable(first[0]);
    }

    /**
     * The immutable record that JSON is, as {@link StateJson#decode} has it; while the bytes are the same, what they were the last time.
     *
     * @param key which record of its type it is
     */
    public <T> T decode(byte[] value, Class<T> type, String key) {
        return decoded.decode(value, type, key);
    }

    /** Does not keep a decoded record any more, which is being removed. */
    public void forget(Class<?> type, String key) {
        decoded.forget(type, key);
    }

    /**
     * Keeps no decoded records any more but these.
     *
     * @param present the keys of all of the type that there are
     */
    public void keepOnly(Class<?> type, Set<String> present) {
        decoded.keepOnly(type, present);
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /**
     * One record.
     *
     * @param key its key
     * @param value its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // decoded at once; never compared
    public record Entry(byte[] key, byte[] value) {}
}
