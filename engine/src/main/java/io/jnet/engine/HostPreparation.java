package io.jnet.engine;

import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's own settings that networks need: forwarding, and accepting router advertisements in spite of it. Each change is recorded with
 * the value before, ahead of being made, and taken back when no network needs it any more.
 */
final class HostPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(HostPreparation.class);
    private static final String FORWARDING_IPV4 = "net/ipv4/ip_forward";
    private static final String FORWARDING_IPV6 = "net/ipv6/conf/all/forwarding";

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
        return (!needs(network, AddressFamily.INET) || hasValue(FORWARDING_IPV4, "1"))
                && (!needs(network, AddressFamily.INET6) || hasValue(FORWARDING_IPV6, "1"));
    }

    /** Makes the host forward for a network, where the network leaves the host at all. */
    void prepare(Network network) {
        if (needs(network, AddressFamily.INET)) {
            change(FORWARDING_IPV4, "1");
        }
        if (needs(network, AddressFamily.INET6)) {
            // A host that forwards ignores router advertisements unless accept_ra is 2
            // (Documentation/networking/ip-sysctl), and would
            // lose the default route that it has from them: this comes before forwarding.
            for (InterfaceName link : links.standalone()) {
                String acceptRa = perInterface(link, "accept_ra");
                if (hasValue(acceptRa, "1") && hasValue(perInterface(link, "forwarding"), "0")) {
                    change(acceptRa, "2");
                }
            }
            change(FORWARDING_IPV6, "1");
        }
    }

    /** Takes back what none of the remaining networks needs. */
    void release(Collection<Network> remaining) {
        List<ChangedSetting> changed = store.read(state -> state.changedSettings());
        if (remaining.stream().noneMatch(network -> needs(network, AddressFamily.INET))) {
            changed.stream()
                    .filter(setting -> setting.key().equals(FORWARDING_IPV4))
                    .forEach(this::restore);
        }
        if (remaining.stream().noneMatch(network -> needs(network, AddressFamily.INET6))) {
            // Forwarding first: with it off, accept_ra 1 means again what it meant before.
            changed.stream()
                    .filter(setting -> setting.key().equals(FORWARDING_IPV6))
                    .forEach(this::restore);
            changed.stream()
                    .filter(setting -> setting.key().endsWith("/accept_ra"))
                    .forEach(this::restore);
        }
    }

    private static boolean needs(Network network, AddressFamily family) {
        return network.spec().has(family) && !network.spec().flags().contains(NetworkFlag.INTERNAL);
    }

    private boolean hasValue(String key, String value) {
        return settings.read(key).filter(value::equals).isPresent();
    }

    private static String perInterface(InterfaceName link, String setting) {
        return "net/ipv6/conf/" + link + "/" + setting;
    }

    private void change(String key, String value) {
        String before = settings.read(key)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.UNSUPPORTED,
                        "this kernel has no setting " + key + ", which the network needs to be " + value));
        if (before.equals(value)) {
            return;
        }
        ChangedSetting setting = new ChangedSetting(key, before, value);
        store.write(state -> {
            state.put(setting);
            return setting;
        });
        settings.write(key, value);
        LOG.atInfo()
                .addKeyValue("setting", key)
                .addKeyValue("before", before)
                .addKeyValue("now", value)
                .log("changed host setting");
    }

    private void restore(ChangedSetting setting) {
        // What somebody else has changed since is theirs; a setting that is gone went with its interface.
        if (hasValue(setting.key(), setting.now())) {
            settings.write(setting.key(), setting.before());
            LOG.atInfo()
                    .addKeyValue("setting", setting.key())
                    .addKeyValue("now", setting.before())
                    .log("restored host setting");
        }
        store.write(state -> {
            state.remove(setting);
            return setting;
        });
    }
}
