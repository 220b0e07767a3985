package io.jnet.engine.forwarding;

import io.jnet.engine.host.HostSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.Optional;
import java.util.Set;

/**
 * Ends the forwarding that a lost state of jnet had opened. What was before it recorded nobody knows any more, but its ruleset names the
 * interfaces that did not forward without it.
 */
public final class AbandonedForwarding {
    private static final String OFF = "0";
    private static final String ON = "1";

    private final HostSettings settings;

    public AbandonedForwarding(HostSettings settings) {
        this.settings = settings;
    }

    /**
     * Has interfaces forward no more; on a host that forwards by its owner's will they go on.
     *
     * @param recorded the settings that are known to be jnet's, and stay
     */
    public void end(AddressFamily family, Set<InterfaceName> opened, Set<String> recorded) {
        InterfaceForwarding.Settings single =
                family == AddressFamily.INET ? InterfaceForwarding.IPV4 : InterfaceForwarding.IPV6;
        if (opened.isEmpty()) {
            return;
        }
        if (family == AddressFamily.INET6 && settings.read(single.key("all")).isEmpty()) {
            // Before Linux 6.17 only the switch of the whole host can have opened them.
            end(SwitchForwarding.SWITCH, recorded);
        } else if (!settings.read(single.mainSwitch()).equals(Optional.of(ON))) {
            opened.forEach(link -> end(single.key(link.value()), recorded));
        }
    }

    private void end(String key, Set<String> recorded) {
        if (!recorded.contains(key) && settings.read(key).equals(Optional.of(ON))) {
            settings.write(key, OFF);
        }
    }
}
