package io.jnet.engine.forwarding;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.firewall.ForwardGuard;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.link.HostLink;
import io.jnet.engine.link.LinkLayer;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.link.InterfaceName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * IPv6 forwarding where the kernel has it for the whole host only (before Linux 6.17). The switch overwrites {@code forwarding} of every
 * interface ({@code addrconf_forward_change} in net/ipv6/addrconf.c), and a host that forwards ignores router advertisements unless
 * {@code accept_ra} is 2: without that it would lose the default route that it has from them.
 */
final class SwitchForwarding implements Forwarding {
    static final String SWITCH = "net/ipv6/conf/all/forwarding";

    private static final String FOLDER = "net/ipv6/conf/";
    private static final String OFF = "0";
    private static final String ON = "1";
    private static final String ADVERTISEMENTS = "/accept_ra";

    private final SettingChanges changes;
    private final LinkLayer links;
    /** That this process has seen the switch on while networks needed it: off then is somebody else's word. */
    private volatile boolean seenOn;

    SwitchForwarding(SettingChanges changes, LinkLayer links) {
        this.changes = changes;
        this.links = links;
    }

    @Override
    public AddressFamily family() {
        return AddressFamily.INET6;
    }

    @Override
    public boolean isOpen(InterfaceName bridge) {
        return changes.hasValue(SWITCH, ON);
    }

    @Override
    public List<String> switchedOff(Set<InterfaceName> bridges) {
        return !bridges.isEmpty() && seenOn && changes.hasValue(SWITCH, OFF) ? List.of(SWITCH) : List.of();
    }

    @Override
    public boolean isRecorded() {
        return recordOfSwitch(changes.recorded()).isPresent();
    }

    @Override
    public void open(Set<InterfaceName> own, Set<InterfaceName> bridges, Runnable guard) {
        String present = changes.read(SWITCH)
                .orElseThrow(() -> new EngineException(
                        ErrorCode.UNSUPPORTED,
                        "this kernel has no setting " + SWITCH + ", without which it cannot forward"));
        boolean on = present.equals(ON);
        boolean switchedOff = !on && seenOn;
        seenOn |= on;
        if (switchedOff || (on && !isRecorded())) {
            return;
        }
        Set<HostLink> standalone = new HashSet<>(links.standalone());
        standalone.removeIf(link -> own.contains(link.name()));
        changes.follow(setting -> setting.key().endsWith(ADVERTISEMENTS), standalone);
        keepRouterAdvertisements(standalone, on);
        if (on) {
            return;
        }
        List<ChangedSetting> kept = overwritten()
                .flatMap(key -> changes
                        .read(key)
                        .filter(value -> !value.equals(present))
                        .map(value -> ChangedSetting.keptAside(key, value))
                        .stream())
                .toList();
        // Left from a switch that failed, and told anew by what is found now.
        List<ChangedSetting> outdated =
                changes.recorded().stream().filter(SwitchForwarding::isKept).toList();
        List<ChangedSetting> coming = new ArrayList<>(kept);
        ChangedSetting change = new ChangedSetting(SWITCH, present, ON);
        coming.add(change);
        changes.record(coming, outdated);
        guard.run();
        changes.make(change);
        seenOn = true;
    }

    /** The switch, then what it has overwritten, then {@code accept_ra}: with forwarding off, 1 means again what it meant before. */
    @Override
    public void close() {
        seenOn = false;
        List<ChangedSetting> recorded = changes.recorded();
        recordOfSwitch(recorded).ifPresent(change -> switchBack(change, recorded));
        recorded.stream()
                .filter(setting -> setting.key().endsWith(ADVERTISEMENTS))
                .forEach(setting -> {
                    changes.putBack(setting, setting.now());
                    changes.forget(List.of(setting));
                });
    }

    /** Guests' bridges are left out: whether another engine wants them forwarded cannot be told from a switch that is on already. */
    @Override
    public ForwardGuard guard(List<ChangedSetting> recorded, HostInterfaces host) {
        if (recordOfSwitch(recorded).isEmpty()) {
            return ForwardGuard.NONE;
        }
        Set<InterfaceName> uplinks = new HashSet<>(host.all());
        uplinks.removeAll(host.guestBridges());
        return new ForwardGuard(uplinks, host.uplinkBridges());
    }

    /** For interfaces that forward because of jnet; who forwarded before and kept 1 did not listen to routers. */
    private void keepRouterAdvertisements(Set<HostLink> standalone, boolean on) {
        List<ChangedSetting> recorded = changes.recorded();
        for (HostLink link : standalone) {
            String forwarding = FOLDER + link.name() + "/forwarding";
            Predicate<ChangedSetting> ofLink = setting -> setting.key().equals(forwarding);
            boolean because = on ? recorded.stream().noneMatch(ofLink) : changes.hasValue(forwarding, OFF);
            String key = FOLDER + link.name() + ADVERTISEMENTS;
            boolean known = recorded.stream().anyMatch(setting -> setting.key().equals(key));
            if (because && !known && changes.hasValue(key, "1")) {
                ChangedSetting change = new ChangedSetting(key, "1", "2", OptionalInt.of(link.index()));
                changes.record(List.of(change), List.of());
                changes.make(change);
            }
        }
    }

    private void switchBack(ChangedSetting change, List<ChangedSetting> recorded) {
        List<ChangedSetting> kept = new ArrayList<>(
                recorded.stream().filter(SwitchForwarding::isKept).toList());
        if (changes.hasValue(SWITCH, change.now())) {
            // What is not as the switch left it has been changed by somebody else since.
            List<ChangedSetting> theirs = kept.stream()
                    .filter(setting -> !changes.hasValue(setting.key(), change.now()))
                    .toList();
            changes.forget(theirs);
            kept.removeAll(theirs);
            changes.putBack(change, change.now());
        }
        if (changes.hasValue(SWITCH, change.before())) {
            kept.forEach(setting -> changes.putBack(setting, change.before()));
        }
        // Last, so that what a crash interrupts is continued by the next call.
        kept.add(change);
        changes.forget(kept);
    }

    private Stream<String> overwritten() {
        return Stream.concat(Stream.of("default"), links.live().stream().map(InterfaceName::value))
                .map(name -> FOLDER + name + "/forwarding");
    }

    private static boolean isKept(ChangedSetting setting) {
        return setting.onlyKept() && setting.key().startsWith(FOLDER);
    }

    private static Optional<ChangedSetting> recordOfSwitch(List<ChangedSetting> recorded) {
        return recorded.stream().filter(setting -> setting.key().equals(SWITCH)).findFirst();
    }
}
