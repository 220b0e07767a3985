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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwarding on single interfaces, with the host's main switch left off: the kernel asks the interface that a packet came in by. Who looks
 * at the main switch, as Docker does before it decides on its policy, finds the host that it would find without jnet.
 */
final class InterfaceForwarding implements Forwarding {
    static final Settings IPV4 =
            new Settings(AddressFamily.INET, "net/ipv4/ip_forward", "net/ipv4/conf/", "/forwarding", true);
    static final Settings IPV6 = new Settings(
            AddressFamily.INET6, "net/ipv6/conf/all/forwarding", "net/ipv6/conf/", "/force_forwarding", false);

    private static final Logger LOG = LoggerFactory.getLogger(InterfaceForwarding.class);
    private static final String OFF = "0";
    private static final String ON = "1";

    private final Settings settings;
    private final SettingChanges changes;
    private final LinkLayer links;

    InterfaceForwarding(Settings settings, SettingChanges changes, LinkLayer links) {
        this.settings = settings;
        this.changes = changes;
        this.links = links;
    }

    /**
     * The settings of one address family, below {@code /proc/sys}.
     *
     * @param mainSwitch that of the whole host
     * @param folder what the settings of interfaces begin with
     * @param name what they end with
     * @param overwrittenBySwitch whether switching the whole host on writes them, so that they are then not jnet's
     */
    record Settings(AddressFamily family, String mainSwitch, String folder, String name, boolean overwrittenBySwitch) {
        String key(String link) {
            return folder + link + name;
        }

        boolean isOne(String key) {
            return key.startsWith(folder) && key.endsWith(name);
        }

        InterfaceName link(String key) {
            return new InterfaceName(key.substring(folder.length(), key.length() - name.length()));
        }
    }

    @Override
    public AddressFamily family() {
        return settings.family();
    }

    @Override
    public boolean isOpen(InterfaceName bridge) {
        return changes.hasValue(key(bridge), ON) || changes.hasValue(settings.mainSwitch(), ON);
    }

    @Override
    public List<String> switchedOff(Set<InterfaceName> bridges) {
        boolean all = changes.hasValue(settings.mainSwitch(), ON);
        if (all && !settings.overwrittenBySwitch()) {
            return List.of();
        }
        if (all) {
            return bridges.stream()
                    .map(this::key)
                    .filter(key -> changes.hasValue(key, OFF))
                    .sorted()
                    .toList();
        }
        // The links last: one that took the place of a recorded link meanwhile is told by its number.
        List<ChangedSetting> off = recorded().stream()
                .filter(setting -> changes.hasValue(setting.key(), OFF))
                .toList();
        return off.isEmpty() ? List.of() : withoutNewcomers(off);
    }

    /** An interface that has the name of one that was opened and is gone was switched off by nobody; one without an address yet would not be opened. */
    private List<String> withoutNewcomers(List<ChangedSetting> settings) {
        Map<String, Integer> present = links.standalone().stream()
                .collect(Collectors.toMap(link -> key(link.name()), HostLink::index, (one, other) -> one));
        return settings.stream()
                .filter(setting -> setting.link().isEmpty()
                        || Optional.ofNullable(present.get(setting.key()))
                                .equals(Optional.of(setting.link().getAsInt())))
                .map(ChangedSetting::key)
                .sorted()
                .toList();
    }

    @Override
    public boolean isRecorded() {
        return !recorded().isEmpty();
    }

    @Override
    public void open(Set<InterfaceName> own, Set<InterfaceName> bridges, Runnable guard) {
        if (changes.read(settings.mainSwitch()).isEmpty()) {
            throw new EngineException(
                    ErrorCode.UNSUPPORTED,
                    "this kernel has no setting " + settings.mainSwitch() + ", without which it cannot forward");
        }
        if (changes.hasValue(settings.mainSwitch(), ON)) {
            leaveToOwner(guard);
            return;
        }
        Set<HostLink> present = links.standalone();
        changes.follow(setting -> settings.isOne(setting.key()), present);
        Map<String, ChangedSetting> known =
                recorded().stream().collect(Collectors.toMap(ChangedSetting::key, Function.identity()));
        boolean switchedOff = isAllOff(bridges, present, known);
        List<ChangedSetting> coming = new ArrayList<>();
        List<ChangedSetting> due = new ArrayList<>();
        for (HostLink link : inOrder(present, own)) {
            if ((own.contains(link.name()) && !bridges.contains(link.name()))
                    || !changes.hasValue(key(link.name()), OFF)) {
                continue;
            }
            ChangedSetting opened = new ChangedSetting(key(link.name()), OFF, ON, OptionalInt.of(link.index()));
            if (!known.containsKey(opened.key())) {
                coming.add(opened);
                due.add(opened);
            } else if (switchedOff) {
                due.add(opened);
            }
        }
        if (!due.isEmpty()) {
            changes.record(coming, List.of());
            try {
                guard.run();
                due.forEach(changes::make);
            } catch (RuntimeException e) {
                throw withoutUnopened(coming, e);
            }
        }
    }

    /** Who reads a record of what is off would take it for somebody else's doing. */
    private RuntimeException withoutUnopened(List<ChangedSetting> coming, RuntimeException failure) {
        try {
            changes.forget(coming.stream()
                    .filter(setting -> changes.hasValue(setting.key(), OFF))
                    .toList());
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /**
     * The main switch, written off, writes all of them off, even when it was off before; one alone is its owner's word. The bridges of networks
     * that are in use tell, but for those that were not opened yet or are others than were.
     */
    private boolean isAllOff(Set<InterfaceName> bridges, Set<HostLink> present, Map<String, ChangedSetting> known) {
        List<String> witnesses = present.stream()
                .filter(link -> bridges.contains(link.name()))
                .filter(link -> Optional.ofNullable(known.get(key(link.name())))
                        .filter(setting -> setting.link().equals(OptionalInt.of(link.index())))
                        .isPresent())
                .map(link -> key(link.name()))
                .toList();
        return !witnesses.isEmpty() && witnesses.stream().noneMatch(key -> changes.hasValue(key, ON));
    }

    @Override
    public void close() {
        if (changes.hasValue(settings.mainSwitch(), ON)) {
            leaveToOwner(() -> {});
            return;
        }
        List<ChangedSetting> recorded = recorded();
        recorded.forEach(setting -> changes.putBack(setting, setting.now()));
        changes.forget(recorded);
    }

    @Override
    public ForwardGuard guard(List<ChangedSetting> recorded, HostInterfaces host) {
        Set<InterfaceName> opened = recorded.stream()
                .map(ChangedSetting::key)
                .filter(settings::isOne)
                .map(settings::link)
                // Also those that would not be opened now, such as a tunnel without its address: they forward as long
                // as they are recorded.
                .filter(link -> !host.own().contains(link))
                .collect(Collectors.toSet());
        if (opened.isEmpty()) {
            return ForwardGuard.NONE;
        }
        Set<InterfaceName> bridges = new HashSet<>(host.guestBridges());
        bridges.addAll(host.uplinkBridges());
        return new ForwardGuard(opened, bridges);
    }

    /** The host forwards because somebody else has switched it on: nothing is left to guard, nor to put back but what is jnet's alone. */
    private void leaveToOwner(Runnable guard) {
        List<ChangedSetting> recorded = recorded();
        if (recorded.isEmpty()) {
            return;
        }
        if (!settings.overwrittenBySwitch()) {
            recorded.forEach(setting -> changes.putBack(setting, setting.now()));
        }
        changes.forget(recorded);
        guard.run();
        LOG.atInfo()
                .addKeyValue("setting", settings.mainSwitch())
                .log("somebody else has switched forwarding on: left as it is from now on");
    }

    /** The networks' own bridges last: who sees one of them forward knows that everything is open. */
    private static List<HostLink> inOrder(Set<HostLink> links, Set<InterfaceName> own) {
        return links.stream()
                .sorted(Comparator.comparing((HostLink link) -> own.contains(link.name()))
                        .thenComparing(HostLink::name))
                .toList();
    }

    private List<ChangedSetting> recorded() {
        return changes.recorded().stream()
                .filter(setting -> settings.isOne(setting.key()))
                .toList();
    }

    private String key(InterfaceName link) {
        return settings.key(link.value());
    }
}
