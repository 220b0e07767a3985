package io.jnet.engine.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;

/** The named databases of the environment. */
final class Tables {
    /** How many a file may have, those of any other format among them; LMDB wants to know before it opens. */
    static final int MOST = 64;

    /** The name of the table with the identity, in every format. */
    static final String META = "meta";

    /** {@code identity} to {@link StateIdentity}. */
    final Dbi<byte[]> meta;

    /** Network id to {@code Network}. */
    final Dbi<byte[]> networks;

    /** Endpoint id to {@code Endpoint}. */
    final Dbi<byte[]> endpoints;

    /** Network id, a blank and an address to the id of the endpoint that has it. */
    final Dbi<byte[]> addresses;

    /** Key to {@code ChangedSetting}. */
    final Dbi<byte[]> settings;

    /** Records of the first five. */
    final DecodedRecords decoded = new DecodedRecords();

    /** What there is for more records. */
    final Room room;

    /** What belongs to other modules. */
    final Map<SideTable, Dbi<byte[]>> side = new EnumMap<>(SideTable.class);

    Tables(Env<byte[]> env) {
        room = new Room(env);
        meta = env.openDbi(META, DbiFlags.MDB_CREATE);
        networks = env.openDbi("network", DbiFlags.MDB_CREATE);
        endpoints = env.openDbi("endpoint", DbiFlags.MDB_CREATE);
        addresses = env.openDbi("address", DbiFlags.MDB_CREATE);
        settings = env.openDbi("setting", DbiFlags.MDB_CREATE);
        for (SideTable table : SideTable.values()) {
            side.put(table, env.openDbi(table.database(), DbiFlags.MDB_CREATE));
        }
    }

    /** Each of them. */
    List<Dbi<byte[]>> all() {
        List<Dbi<byte[]>> all = new ArrayList<>(List.of(meta, networks, endpoints, addresses, settings));
        all.addAll(side.values());
        return all;
    }
}
