package io.jnet.engine.forwarding;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.store.StateStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes settings of the host so that each can be taken back: what was before is in the store ahead of the change. */
final class SettingChanges {
    private static final Logger LOG = LoggerFactory.getLogger(SettingChanges.class);

    /** Where the interface's name is in {@code net/ipv4/conf/eth0/forwarding}. */
    private static final int INTERFACE = 3;

    private final StateStore store;
    private final HostSettings settings;

    SettingChanges(StateStore store, HostSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    Optional<String> read(String key) {
        return settings.read(key);
    }

    boolean hasValue(String key, String value) {
        return settings.read(key).filter(value::equals).isPresent();
    }

    /** All that is recorded, of both families. */
    List<ChangedSetting> recorded() {
        return store.read(state -> state.changedSettings());
    }

    /** Records what is about to change, and forgets what is outdated by that; all of it or nothing. */
    void record(Collection<ChangedSetting> coming, Collection<ChangedSetting> outdated) {
        if (coming.isEmpty() && outdated.isEmpty()) {
            return;
        }
        store.change(state -> {
            outdated.forEach(state::remove);
            coming.forEach(state::put);
        });
    }

    void forget(Collection<ChangedSetting> settled) {
        record(List.of(), settled);
    }

    /**
     * Brings records of interfaces' settings in line with the interfaces: one that was renamed takes its record along; one that went has
     * none any more, also when another one has got its name since.
     */
    void follow(Predicate<ChangedSetting> concerned, Collection<HostLink> links) {
        List<ChangedSetting> outdated = new ArrayList<>();
        List<ChangedSetting> renamed = new ArrayList<>();
        for (ChangedSetting setting : recorded()) {
            if (setting.link().isEmpty() || !concerned.test(setting)) {
                continue;
            }
            int index = setting.link().getAsInt();
            String name = interfaceOf(setting.key());
            Optional<HostLink> same =
                    links.stream().filter(link -> link.index() == index).findFirst();
            if (same.isPresent()) {
                String present = same.get().name().value();
                if (!present.equals(name)) {
                    outdated.add(setting);
                    renamed.add(new ChangedSetting(
                            withInterface(setting.key(), present), setting.before(), setting.now(), setting.link()));
                }
            } else if (links.stream().anyMatch(link -> link.name().value().equals(name))
                    || read(setting.key()).isEmpty()) {
                outdated.add(setting);
            }
        }
        record(renamed, outdated);
    }

    /** Makes a recorded change. A setting that is gone went with its interface. */
    void make(ChangedSetting setting) {
        if (write(setting.key(), setting.now())) {
            LOG.atInfo()
                    .addKeyValue("setting", setting.key())
                    .addKeyValue("before", setting.before())
                    .addKeyValue("now", setting.now())
                    .log("changed host setting");
        }
    }

    /** Writes the value before over {@code present}, and over nothing else: what somebody else has changed since is theirs. */
    void putBack(ChangedSetting setting, String present) {
        if (hasValue(setting.key(), present) && write(setting.key(), setting.before())) {
            LOG.atInfo()
                    .addKeyValue("setting", setting.key())
                    .addKeyValue("now", setting.before())
                    .log("restored host setting");
        }
    }

    private boolean write(String key, String value) {
        try {
            settings.write(key, value);
            return true;
        } catch (EngineException e) {
            if (settings.read(key).isPresent()) {
                throw e;
            }
            return false;
        }
    }

    /** {@code eth0} of {@code net/ipv4/conf/eth0/forwarding}. */
    private static String interfaceOf(String key) {
        return key.split("/", -1)[INTERFACE];
    }

    private static String withInterface(String key, String name) {
        String[] parts = key.split("/", -1);
        parts[INTERFACE] = name;
        return String.join("/", parts);
    }
}
