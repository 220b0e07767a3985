package io.jnet.engine;

import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's own settings that networks need: forwarding, and accepting router advertisements in spite of it. Each change is recorded with
 * the value before, ahead of being made, and taken back when no network needs it any more. Recorded with it is what the kernel overwrites
 * when forwarding is switched on and back.
 */
final class HostPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(HostPreparation.class);
    private static final String ON = "1";

    private final StateStore store;
    private final HostSettings settings;
    private final LinkLayer links;

    HostPreparation(StateStore store, HostSettings settings, LinkLayer links) {
        this.links = links;
        this.store = store;
        this.settings = settings;
    }

    /** Whether the host forwards for a network already: a look at two settings. */
    boolean isDone(Network network) {
        return Stream.of(ForwardingSwitch.values())
                .allMatch(forwarding -> !needs(network, forwarding) || hasValue(forwarding.key(), ON));
    }

    /** Makes the host forward for a network, where the network leaves the host at all. */
    void prepare(Network network) {
        if (needs(network, ForwardingSwitch.IPV4)) {
            switchOn(ForwardingSwitch.IPV4);
        }
        if (needs(network, ForwardingSwitch.IPV6)) {
            // A host that forwards ignores router advertisements unless accept_ra is 2
            // (Documentation/networking/ip-sysctl), and would
            // lose the default route that it has from them: this comes before forwarding.
            for (InterfaceName link : links.standalone()) {
                String acceptRa = perInterface(link, "accept_ra");
                if (hasValue(acceptRa, "1") && hasValue(perInterface(link, "forwarding"), "0")) {
                    change(new ChangedSetting(acceptRa, "1", "2"), List.of(), List.of());
                }
            }
            switchOn(ForwardingSwitch.IPV6);
        }
    }

    /** Takes back what none of the remaining networks needs. */
    void release(Collection<Network> remaining) {
        List<ChangedSetting> changed = store.read(state -> state.changedSettings());
        for (ForwardingSwitch forwarding : ForwardingSwitch.values()) {
            if (remaining.stream().noneMatch(network -> needs(network, forwarding))) {
                switchBack(forwarding, changed);
            }
        }
        if (remaining.stream().noneMatch(network -> needs(network, ForwardingSwitch.IPV6))) {
            // Forwarding first, of single interfaces too: with it off, accept_ra 1 means again what it meant before.
            changed.stream()
                    .filter(setting -> setting.key().endsWith("/accept_ra"))
                    .forEach(setting -> {
                        // What somebody else has changed since is theirs.
                        putBack(setting, setting.now());
                        forget(List.of(setting));
                    });
        }
    }

    private void switchOn(ForwardingSwitch forwarding) {
        String before = settings.read(forwarding.key())
                .orElseThrow(() -> new EngineException(
                        ErrorCode.UNSUPPORTED,
                        "this kernel has no setting " + forwarding.key() + ", which the network needs to be " + ON));
        if (before.equals(ON)) {
            return;
        }
        List<ChangedSetting> kept = forwarding.overwrites(links.live()).stream()
                .flatMap(key -> settings
                        .read(key)
                        .filter(value -> !value.equals(ForwardingSwitch.overwritten(key, before)))
                        .map(value -> ChangedSetting.keptAside(key, value))
                        .stream())
                .toList();
        // Left from a switch that failed, and told anew by what is found now.
        List<ChangedSetting> outdated = keptFor(forwarding, store.read(state -> state.changedSettings()));
        change(new ChangedSetting(forwarding.key(), before, ON), kept, outdated);
    }

    /**
     * Puts the switch back, and then what that has overwritten. The records go last, so that what a crash or a failure interrupts is
     * continued by the next call.
     */
    private void switchBack(ForwardingSwitch forwarding, List<ChangedSetting> changed) {
        Optional<ChangedSetting> found = changed.stream()
                .filter(setting -> setting.key().equals(forwarding.key()))
                .findFirst();
        if (found.isEmpty()) {
            return;
        }
        ChangedSetting main = found.get();
        List<ChangedSetting> kept = new ArrayList<>(keptFor(forwarding, changed));
        if (hasValue(main.key(), main.now())) {
            // What is not as the switch left it has been changed by somebody else since.
            List<ChangedSetting> theirs = kept.stream()
                    .filter(setting ->
                            !hasValue(setting.key(), ForwardingSwitch.overwritten(setting.key(), main.now())))
                    .toList();
            forget(theirs);
            kept.removeAll(theirs);
            putBack(main, main.now());
        }
        if (hasValue(main.key(), main.before())) {
            kept.forEach(setting -> putBack(setting, ForwardingSwitch.overwritten(setting.key(), main.before())));
        }
        kept.add(main);
        forget(kept);
    }

    private static List<ChangedSetting> keptFor(ForwardingSwitch forwarding, List<ChangedSetting> changed) {
        return changed.stream()
                .filter(setting -> setting.onlyKept() && forwarding.isOverwriting(setting.key()))
                .toList();
    }

    private static boolean needs(Network network, ForwardingSwitch forwarding) {
        return network.spec().has(forwarding.family())
                && !network.spec().flags().contains(NetworkFlag.INTERNAL);
    }

    private boolean hasValue(String key, String value) {
        return settings.read(key).filter(value::equals).isPresent();
    }

    private static String perInterface(InterfaceName link, String setting) {
        return "net/ipv6/conf/" + link + "/" + setting;
    }

    /** Makes one change; it is recorded together with what it overwrites, or not at all. */
    private void change(ChangedSetting setting, List<ChangedSetting> kept, List<ChangedSetting> outdated) {
        store.write(state -> {
            outdated.forEach(state::remove);
            kept.forEach(state::put);
            state.put(setting);
            return setting;
        });
        settings.write(setting.key(), setting.now());
        LOG.atInfo()
                .addKeyValue("setting", setting.key())
                .addKeyValue("before", setting.before())
                .addKeyValue("now", setting.now())
                .log("changed host setting");
    }

    /** Writes the value before over {@code present}, and over nothing else; a setting that is gone went with its interface. */
    private void putBack(ChangedSetting setting, String present) {
        if (hasValue(setting.key(), present)) {
            settings.write(setting.key(), setting.before());
            LOG.atInfo()
                    .addKeyValue("setting", setting.key())
                    .addKeyValue("now", setting.before())
                    .log("restored host setting");
        }
    }

    private void forget(List<ChangedSetting> settled) {
        store.write(state -> {
            settled.forEach(state::remove);
            return settled;
        });
    }
}
