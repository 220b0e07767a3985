package io.jnet.engine.forwarding;

import io.jnet.engine.firewall.ForwardGuard;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.link.LinkLayer;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.List;
import java.util.Set;

/** How the host is made to forward packets of one address family from and to jnet's networks. */
public sealed interface Forwarding permits InterfaceForwarding, SwitchForwarding {
    /** IPv4's. */
    static Forwarding ipv4(StateStore store, HostSettings settings, LinkLayer links) {
        return new InterfaceForwarding(InterfaceForwarding.IPV4, new SettingChanges(store, settings), links);
    }

    /** IPv6's: by single interfaces where this kernel can (Linux 6.17 and later), by the switch of the whole host otherwise. */
    static Forwarding ipv6(StateStore store, HostSettings settings, LinkLayer links) {
        SettingChanges changes = new SettingChanges(store, settings);
        return settings.read(InterfaceForwarding.IPV6.key("all")).isPresent()
                ? new InterfaceForwarding(InterfaceForwarding.IPV6, changes, links)
                : new SwitchForwarding(changes, links);
    }

    AddressFamily family();

    /** Whether packets from a network's bridge are forwarded: a look at two settings. */
    boolean isOpen(InterfaceName bridge);

    /**
     * The settings that somebody else has switched off and that networks in use rely on: left as they are, for whoever did that meant it.
     * The main switch of a kernel that has interfaces' own is not among them: jnet does without.
     *
     * @param bridges those of networks that are in use
     */
    List<String> switchedOff(Set<InterfaceName> bridges);

    /** Whether jnet has opened forwarding, and keeps what was before. */
    boolean isRecorded();

    /**
     * Makes the host forward from and to these bridges; follows interfaces that came and went since. Leaves the host alone that forwards
     * by its owner's will, and forgets what jnet had opened before.
     *
     * @param own all bridges of jnet
     * @param bridges those of networks that are in use
     * @param guard makes the ruleset's guard what {@link #guard} says; called before anything is opened
     */
    void open(Set<InterfaceName> own, Set<InterfaceName> bridges, Runnable guard);

    /** Puts everything back that {@link #open} has changed, but what somebody else has changed since. The guard must stand until then. */
    void close();

    /** What the ruleset has to guard while these settings are recorded as changed. */
    ForwardGuard guard(List<ChangedSetting> recorded, HostInterfaces host);
}
