package io.jnet.ipam.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.store.RecordTable;
import io.jnet.engine.store.SideTable;
import io.jnet.engine.store.StateJson;
import io.jnet.engine.store.StateView;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pools as one transaction sees them. */
public final class PoolTable {
    private static final byte[] POOLS = "pool ".getBytes(UTF_8);
    private static final byte[] USAGE = "usage ".getBytes(UTF_8);
    private static final byte[] LOCAL_PREFIX = "local prefix".getBytes(UTF_8);
    private static final int LOCAL_PREFIX_LENGTH = 48;
    /** Unique local addresses that are drawn (RFC 4193). */
    private static final IpPrefix LOCAL = IpPrefix.parse("fd00::/8");

    private final RecordTable table;

    private PoolTable(RecordTable table) {
        this.table = table;
    }

    /** The pools in a transaction's view; changing them needs a transaction that writes. */
    public static PoolTable in(StateView state) {
        return new PoolTable(state.table(SideTable.POOL));
    }

    /** All pools, by the text of their ranges. */
    public List<Pool> all() {
        List<Pool> pools = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        table.walk(POOLS, POOLS, entry -> {
            String key = text(entry.key());
            keys.add(key);
            return pools.add(table.decode(entry.value(), Pool.class, key));
        });
        table.keepOnly(Pool.class, keys);
        return pools;
    }

    /**
     * One pool.
     *
     * @throws EngineException with {@code NOT_FOUND} when there is none
     */
    public Pool get(PoolId id) {
        return find(id).orElseThrow(() -> EngineException.notFound("no address pool \"" + id
                + "\" in the state of jnet: start it with the state that has it, or create the network again"));
    }

    /** One pool; empty when there is none. */
    public Optional<Pool> find(PoolId id) {
        byte[] key = key(POOLS, id);
        return table.get(key).map(bytes -> table.decode(bytes, Pool.class, text(key)));
    }

    /** How far a pool is used. */
    public PoolUsage usage(Pool pool) {
        return table.get(key(USAGE, pool.id()))
                .map(bytes -> StateJson.decode(bytes, PoolUsage.class, pool.id().value()))
                .orElseGet(() -> PoolUsage.of(pool));
    }

    /** Adds a pool. */
    public void put(Pool pool) {
        table.put(key(POOLS, pool.id()), StateJson.encode(pool));
    }

    /** Replaces what is known of a pool's use. */
    public void put(PoolId id, PoolUsage usage) {
        table.put(key(USAGE, id), StateJson.encode(usage));
    }

    /** Removes a pool and what is known of its use. */
    public void remove(PoolId id) {
        byte[] key = key(POOLS, id);
        table.remove(key);
        table.forget(Pool.class, text(key));
        table.remove(key(USAGE, id));
    }

    /** The /48 of this host's own, that IPv6 pools are chosen from; empty until it was drawn. */
    public Optional<IpPrefix> localPrefix() {
        return table.get(LOCAL_PREFIX)
                .map(bytes -> StateJson.value(bytes, "record \"local prefix\"", PoolTable::localPrefix));
    }

    /** Keeps the /48 that was drawn. */
    public void putLocalPrefix(IpPrefix prefix) {
        table.put(LOCAL_PREFIX, prefix.toString().getBytes(UTF_8));
    }

    private static IpPrefix localPrefix(byte[] bytes) {
        IpPrefix prefix = IpPrefix.parse(text(bytes));
        if (prefix.length() != LOCAL_PREFIX_LENGTH
                || !LOCAL.contains(prefix.address())
                || !prefix.network().equals(prefix)) {
            throw new IllegalArgumentException("want a /" + LOCAL_PREFIX_LENGTH + " of " + LOCAL + ", not " + prefix);
        }
        return prefix;
    }

    private static byte[] key(byte[] kind, PoolId id) {
        return (text(kind) + id).getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
