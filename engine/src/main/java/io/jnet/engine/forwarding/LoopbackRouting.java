package io.jnet.engine.forwarding;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has 127.0.0.1 reach published ports of containers whose links another program made: a packet from there leaves only by an interface
 * whose {@code route_localnet} is on. What an interface brings for loopback addresses is dropped by the ruleset.
 */
public final class LoopbackRouting {
    private static final String FOLDER = "net/ipv4/conf/";
    private static final String NAME = "/route_localnet";
    private static final String ON = "1";

    private final Object lock = new Object();
    private final StateStore store;
    private final SettingChanges changes;

    public LoopbackRouting(StateStore store, HostSettings settings) {
        this.store = store;
        this.changes = new SettingChanges(store, settings);
    }

    /** Brings the interfaces in line with what the store says that is published by them; what is not needed any more is put back. */
    public void follow() {
        synchronized (lock) {
            Set<String> needed = store.read(state -> state.endpoints()).stream()
                    .filter(LoopbackRouting::needs)
                    .flatMap(endpoint -> endpoint.way().stream())
                    .map(LoopbackRouting::key)
                    .collect(Collectors.toSet());
            List<ChangedSetting> recorded = changes.recorded().stream()
                    .filter(setting ->
                            setting.key().startsWith(FOLDER) && setting.key().endsWith(NAME))
                    .toList();
            for (ChangedSetting setting : recorded) {
                if (!needed.contains(setting.key())) {
                    changes.putBack(setting, ON);
                    changes.forget(List.of(setting));
                }
            }
            needed.forEach(this::switchOn);
        }
    }

    private void switchOn(String key) {
        changes.read(key).filter(value -> !value.equals(ON)).ifPresent(before -> {
            ChangedSetting change = new ChangedSetting(key, before, ON);
            changes.record(List.of(change), List.of());
            changes.make(change);
        });
    }

    private static boolean needs(Endpoint endpoint) {
        return !endpoint.ports().isEmpty()
                && endpoint.spec().address(AddressFamily.INET).isPresent();
    }

    private static String key(InterfaceName link) {
        return FOLDER + link + NAME;
    }
}
