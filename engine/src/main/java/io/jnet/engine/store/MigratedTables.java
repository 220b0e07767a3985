package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/** The tables of a file as the steps of one migration see and change them. */
final class MigratedTables {
    private final Env<byte[]> env;
    private final Txn<byte[]> txn;
    private final Map<String, RecordTable> opened = new HashMap<>();

    MigratedTables(Env<byte[]> env, Txn<byte[]> txn) {
        this.env = env;
        this.txn = txn;
    }

    /** The table of a name; an empty one where there was none. */
    RecordTable table(String name) {
        return opened.computeIfAbsent(
                name,
                missing -> new RecordTable(
                        env.openDbi(txn, missing.getBytes(UTF_8), null, false, DbiFlags.MDB_CREATE),
                        txn,
                        new DecodedRecords(),
                        () -> {}));
    }
}
