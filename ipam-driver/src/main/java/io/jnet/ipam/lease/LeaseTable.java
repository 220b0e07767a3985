package io.jnet.ipam.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.store.RecordTable;
import io.jnet.engine.store.SideTable;
import io.jnet.engine.store.StateJson;
import io.jnet.engine.store.StateView;
import io.jnet.ipam.pool.PoolId;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The leases of one pool as one transaction sees them, in three tables that are changed together: by address; the free ones by the order of
 * their release; by owner.
 */
final class LeaseTable {
    /** Longest key of LMDB: 511 bytes. Longer owners share an entry with others of the same beginning, which costs stickiness only. */
    private static final int LONGEST_OWNER = 400;

    private final RecordTable leases;
    private final RecordTable order;
    private final RecordTable owners;
    private final byte[] pool;

    private LeaseTable(RecordTable leases, RecordTable order, RecordTable owners, byte[] pool) {
        this.leases = leases;
        this.order = order;
        this.owners = owners;
        this.pool = pool;
    }

    static LeaseTable of(StateView state, PoolId pool) {
        return new LeaseTable(
                state.table(SideTable.LEASE),
                state.table(SideTable.LEASE_ORDER),
                state.table(SideTable.LEASE_OWNER),
                (pool + " ").getBytes(UTF_8));
    }

    Optional<Lease> get(IpAddress address) {
        return leases.get(key(address)).map(bytes -> decode(bytes, address));
    }

    /** The address that an owner has or had last. */
    Optional<IpAddress> ofOwner(String owner) {
        return owners.get(key(owner)).map(bytes -> address(bytes, "address of an owner"));
    }

    /** The address that was released before all others in a state. */
    Optional<IpAddress> oldest(LeaseState free) {
        return order.first(join(pool, prefix(free))).map(entry -> address(entry.value(), "address that was released"));
    }

    /** The one of some addresses that was released before the others in a state. */
    Optional<IpAddress> oldest(LeaseState free, Predicate<IpAddress> some) {
        List<IpAddress> found = new ArrayList<>();
        byte[] prefix = join(pool, prefix(free));
        order.walk(prefix, prefix, entry -> {
            IpAddress address = address(entry.value(), "address that was released");
            if (some.test(address)) {
                found.add(address);
            }
            return found.isEmpty();
        });
        return found.stream().findFirst();
    }

    List<Lease> all() {
        List<Lease> all = new ArrayList<>();
        leases.walk(pool, pool, entry -> all.add(decode(entry.value(), addressOf(entry.key()))));
        return all;
    }

    /** Leases, free addresses not among them, after an address. */
    List<Lease> after(Optional<IpAddress> last, int limit) {
        List<Lease> page = new ArrayList<>();
        leases.walk(last.map(this::key).orElse(pool), pool, entry -> {
            Lease lease = decode(entry.value(), addressOf(entry.key()));
            if (lease.isLeased() && !last.equals(Optional.of(lease.address()))) {
                page.add(lease);
            }
            return page.size() < limit;
        });
        return page;
    }

    /** Hands over the addresses that something is known of, from {@code from} on, in their order, while the visitor answers true. */
    void walkAddresses(IpAddress from, Predicate<IpAddress> visitor) {
        leases.walk(key(from), pool, entry -> visitor.test(addressOf(entry.key())));
    }

    void put(Lease lease) {
        get(lease.address()).ifPresent(this::removeOrder);
        leases.put(key(lease.address()), StateJson.encode(lease));
        if (!lease.isLeased()) {
            order.put(orderKey(lease), lease.address().bytes());
        }
    }

    /** Remembers which address an owner has. */
    void putOwner(String owner, IpAddress address) {
        owners.put(key(owner), address.bytes());
    }

    /** Forgets which address an owner has, if it is this one. */
    void removeOwner(String owner, IpAddress address) {
        if (ofOwner(owner).filter(address::equals).isPresent()) {
            owners.remove(key(owner));
        }
    }

    void remove(Lease lease) {
        removeOrder(lease);
        lease.owner().ifPresent(owner -> removeOwner(owner, lease.address()));
        leases.remove(key(lease.address()));
    }

    void clear() {
        for (RecordTable table : List.of(leases, order, owners)) {
            List<byte[]> keys = new ArrayList<>();
            table.walk(pool, pool, entry -> keys.add(entry.key()));
            keys.forEach(table::remove);
        }
    }

    private void removeOrder(Lease lease) {
        if (!lease.isLeased()) {
            order.remove(orderKey(lease));
        }
    }

    private byte[] orderKey(Lease lease) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(lease.order()).array();
        return join(join(pool, prefix(lease.state())), number);
    }

    private static byte[] prefix(LeaseState free) {
        return new byte[] {(byte) (free == LeaseState.KEPT ? 'k' : 'r')};
    }

    private byte[] key(IpAddress address) {
        return join(pool, address.bytes());
    }

    private byte[] key(String owner) {
        byte[] text = owner.getBytes(UTF_8);
        return join(pool, text.length > LONGEST_OWNER ? Arrays.copyOf(text, LONGEST_OWNER) : text);
    }

    private IpAddress addressOf(byte[] key) {
        return address(Arrays.copyOfRange(key, pool.length, key.length), "address with a lease");
    }

    private IpAddress address(byte[] bytes, String what) {
        return StateJson.value(bytes, what + " of pool " + new String(pool, UTF_8).strip(), IpAddress::of);
    }

    private static Lease decode(byte[] bytes, IpAddress address) {
        Lease lease = StateJson.decode(bytes, Lease.class, address.toString());
        if (!lease.address().equals(address)) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "unreadable Lease record \"" + address + "\" in the state: it is of " + lease.address());
        }
        return lease;
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
