package io.jnet.engine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.CursorIterable.KeyVal;
import org.lmdbjava.Dbi;
import org.lmdbjava.Txn;

/** The state as one LMDB transaction sees it. */
final class StateTransaction implements StateChange {
    private static final String IDENTITY = "identity";
    static final StateIdentity NONE = new StateIdentity(0, "", "");

    private final Tables tables;
    private final Txn<byte[]> txn;

    StateTransaction(Tables tables, Txn<byte[]> txn) {
        this.tables = tables;
        this.txn = txn;
    }

    /** The identity that a table says; empty in a state that has none yet. */
    static Optional<StateIdentity> identity(Dbi<byte[]> meta, Txn<byte[]> txn) {
        return Optional.ofNullable(meta.get(txn, IDENTITY.getBytes(UTF_8)))
                .map(bytes -> StateJson.decode(bytes, StateIdentity.class, IDENTITY));
    }

    /** Replaces what {@link #identity(Dbi, Txn)} reads. */
    static void putIdentity(RecordTable meta, StateIdentity identity) {
        meta.put(IDENTITY.getBytes(UTF_8), StateJson.encode(identity));
    }

    @Override
    public StateIdentity identity() {
        return get(tables.meta, IDENTITY, StateIdentity.class).orElse(NONE);
    }

    @Override
    public List<Network> networks() {
        return all(tables.networks, Network.class);
    }

    @Override
    public Optional<Network> network(NetworkId id) {
        return get(tables.networks, id.value(), Network.class);
    }

    @Override
    public List<Endpoint> endpoints() {
        return all(tables.endpoints, Endpoint.class);
    }

    @Override
    public Optional<Endpoint> endpoint(EndpointId id) {
        return get(tables.endpoints, id.value(), Endpoint.class);
    }

    @Override
    public Optional<EndpointId> owner(NetworkId network, IpAddress address) {
        return Optional.ofNullable(tables.addresses.get(txn, addressKey(network, address)))
                .map(id -> new EndpointId(new String(id, UTF_8)));
    }

    @Override
    public List<ChangedSetting> changedSettings() {
        return all(tables.settings, ChangedSetting.class);
    }

    @Override
    public void put(StateIdentity identity) {
        put(tables.meta, IDENTITY, identity);
    }

    /** Changes nothing, by a write as a new record's would be. */
    StateTransaction probe() {
        requireRoom();
        put(identity());
        return this;
    }

    @Override
    public void put(Network network) {
        if (network(network.id()).isEmpty()) {
            requireRoom();
        }
        put(tables.networks, network.id().value(), network);
    }

    @Override
    public void put(Endpoint endpoint) {
        int ports = endpoint(endpoint.id()).map(old -> old.ports().size()).orElse(-1);
        if (endpoint.ports().size() > ports) {
            requireRoom();
        }
        put(tables.endpoints, endpoint.id().value(), endpoint);
        for (IpPrefix address : endpoint.spec().addresses()) {
            tables.addresses.put(
                    txn,
                    addressKey(endpoint.spec().network(), address.address()),
                    endpoint.id().value().getBytes(UTF_8));
        }
    }

    @Override
    public void put(ChangedSetting setting) {
        put(tables.settings, setting.key(), setting);
    }

    @Override
    public void remove(NetworkId network) {
        tables.networks.delete(txn, network.value().getBytes(UTF_8));
        tables.decoded.forget(Network.class, network.value());
    }

    @Override
    public void remove(EndpointId id) {
        Optional<Endpoint> endpoint = endpoint(id);
        if (endpoint.isEmpty()) {
            return;
        }
        NetworkId network = endpoint.get().spec().network();
        for (IpPrefix address : endpoint.get().spec().addresses()) {
            if (owner(network, address.address()).filter(id::equals).isPresent()) {
                tables.addresses.delete(txn, addressKey(network, address.address()));
            }
        }
        tables.endpoints.delete(txn, id.value().getBytes(UTF_8));
        tables.decoded.forget(Endpoint.class, id.value());
    }

    @Override
    public void remove(ChangedSetting setting) {
        tables.settings.delete(txn, setting.key().getBytes(UTF_8));
        tables.decoded.forget(ChangedSetting.class, setting.key());
    }

    @Override
    public RecordTable table(SideTable table) {
        return new RecordTable(
                tables.side.get(table), txn, tables.decoded, table.isIndex() ? () -> {} : this::requireRoom);
    }

    private void requireRoom() {
        tables.room.require(tables.all(), txn);
    }

    private static byte[] addressKey(NetworkId network, IpAddress address) {
        return (network.value() + " " + address).getBytes(UTF_8);
    }

    private void put(Dbi<byte[]> table, String key, Object record) {
        byte[] bytes = StateJson.encode(record);
        table.put(txn, key.getBytes(UTF_8), bytes);
        tables.decoded.remember(bytes, record, key);
    }

    private <T> Optional<T> get(Dbi<byte[]> table, String key, Class<T> type) {
        return Optional.ofNullable(table.get(txn, key.getBytes(UTF_8)))
                .map(bytes -> tables.decoded.decode(bytes, type, key));
    }

    private <T> List<T> all(Dbi<byte[]> table, Class<T> type) {
        List<T> records = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        try (CursorIterable<byte[]> cursor = table.iterate(txn)) {
            for (KeyVal<byte[]> entry : cursor) {
                String key = new String(entry.key(), UTF_8);
                keys.add(key);
                records.add(tables.decoded.decode(entry.val(), type, key));
            }
        }
        tables.decoded.keepOnly(type, keys);
        return records;
    }
}
