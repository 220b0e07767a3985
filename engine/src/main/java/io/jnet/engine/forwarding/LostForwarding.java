package io.jnet.engine.forwarding;

import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.HostLink;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The records of forwarding that a lost state had opened. Its ruleset names the interfaces that did not forward without it, and its own bridges did
 * not, being new.
 */
public final class LostForwarding {
    private static final String OFF = "0";
    private static final String ON = "1";

    private final HostSettings settings;

    public LostForwarding(HostSettings settings) {
        this.settings = settings;
    }

    /**
     * What was changed; nothing on a host that forwards by its owner's will.
     *
     * @param opened the interfaces that the ruleset names
     * @param own the bridges of the lost state's networks
     * @param present the host's interfaces
     */
    public List<ChangedSetting> changes(
            AddressFamily family, Set<InterfaceName> opened, Set<InterfaceName> own, Collection<HostLink> present) {
        InterfaceForwarding.Settings single =
                family == AddressFamily.INET ? InterfaceForwarding.IPV4 : InterfaceForwarding.IPV6;
        if (family == AddressFamily.INET6 && settings.read(single.key("all")).isEmpty()) {
            boolean switched = !opened.isEmpty() && has(SwitchForwarding.SWITCH, ON);
            return switched ? List.of(new ChangedSetting(SwitchForwarding.SWITCH, OFF, ON)) : List.of();
        }
        if (has(single.mainSwitch(), ON)) {
            return List.of();
        }
        return present.stream()
                .filter(link -> opened.contains(link.name()) || own.contains(link.name()))
                .filter(link -> has(single.key(link.name().value()), ON))
                .map(link -> new ChangedSetting(single.key(link.name().value()), OFF, ON, OptionalInt.of(link.index())))
                .toList();
    }

    private boolean has(String key, String value) {
        return settings.read(key).equals(Optional.of(value));
    }
}
