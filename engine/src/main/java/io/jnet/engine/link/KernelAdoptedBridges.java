package io.jnet.engine.link;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.host.HostSettings;
import io.jnet.engine.network.Adoption;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.netlink.address.AddressAddition;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.Addresses;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.address.LinkAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Bridges of this process's network namespace that somebody else made, over rtnetlink. */
public final class KernelAdoptedBridges implements AdoptedBridges {
    private final Links links;
    private final Addresses addresses;
    private final HostSettings settings;
    private final KernelPortVlans vlans;

    public KernelAdoptedBridges(Links links, Addresses addresses, HostSettings settings) {
        this.links = links;
        this.addresses = addresses;
        this.settings = settings;
        this.vlans = new KernelPortVlans(links);
    }

    @Override
    public Optional<Adoption> examine(BridgePlan plan) {
        return KernelCalls.get(() -> links.find(plan.name()).map(bridge -> examine(bridge, plan)));
    }

    @Override
    public void adopt(InterfaceName name, Adoption adoption) {
        KernelCalls.run(() -> {
            for (ChangedSetting setting : adoption.settings()) {
                settings.write(setting.key(), setting.now());
            }
            Set<IpPrefix> present = prefixes(adoption.index());
            for (IpPrefix address : adoption.addresses()) {
                if (!present.contains(address)) {
                    addresses.add(AddressAddition.of(adoption.index(), address));
                }
            }
            if (adoption.raised()) {
                Link bridge = links.find(adoption.index()).orElseThrow(() -> missing(name));
                if (!bridge.isUp()) {
                    links.setUp(bridge.index());
                }
            }
        });
    }

    @Override
    public void keepMac(InterfaceName name) {
        KernelCalls.run(() -> {
            Link bridge = links.find(name).orElseThrow(() -> missing(name));
            boolean ofGuest =
                    ports(bridge).anyMatch(port -> !isOwners(port) && port.mac().equals(bridge.mac()));
            if (!ofGuest) {
                // The same address again, so that it is a given one.
                bridge.mac().filter(mac -> !mac.isZero()).ifPresent(mac -> links.setMac(bridge.index(), mac));
            }
        });
    }

    @Override
    public void takePortsMac(InterfaceName name) {
        KernelCalls.run(() -> {
            Link bridge = links.find(name).orElseThrow(() -> missing(name));
            ports(bridge)
                    .filter(KernelAdoptedBridges::isOwners)
                    .flatMap(port -> port.mac().stream())
                    .min(Comparator.comparing(MacAddress::toString))
                    .filter(mac -> !bridge.mac().equals(Optional.of(mac)))
                    .ifPresent(mac -> links.setMac(bridge.index(), mac));
        });
    }

    @Override
    public boolean hasOwnersPorts(InterfaceName name) {
        return KernelCalls.get(() -> links.find(name)
                .filter(bridge -> ports(bridge).anyMatch(KernelAdoptedBridges::isOwners))
                .isPresent());
    }

    private static boolean isOwners(Link port) {
        return LinkMark.parse(port.alias().orElse("")).isEmpty();
    }

    private Stream<Link> ports(Link bridge) {
        return links
                .select(link -> Optional.of(link).filter(port -> port.master().equals(OptionalInt.of(bridge.index()))))
                .stream();
    }

    @Override
    public void release(InterfaceName name, Adoption adoption) {
        KernelCalls.run(() -> {
            Optional<Link> bridge = links.find(name).filter(link -> link.index() == adoption.index());
            if (bridge.isEmpty()) {
                return;
            }
            adoption.addresses().forEach(address -> addresses.delete(adoption.index(), address));
            // What the kernel gives a bridge whose last port has gone. Anything else is what its owner wants meanwhile.
            if (bridge.get().mtu() == NetworkSpec.DEFAULT_MTU && adoption.mtu() != NetworkSpec.DEFAULT_MTU) {
                links.setMtu(adoption.index(), adoption.mtu());
            }
            if (adoption.raised()) {
                links.setDown(adoption.index());
            }
            for (ChangedSetting setting : adoption.settings()) {
                if (settings.read(setting.key()).equals(Optional.of(setting.now()))) {
                    settings.write(setting.key(), setting.before());
                }
            }
        });
    }

    @Override
    public void giveUp(InterfaceName name, String alias) {
        KernelCalls.run(() -> {
            links.find(name)
                    .filter(link -> LinkMark.isSameOwner(link.alias(), alias))
                    .ifPresent(link -> links.setAlias(link.index(), ""));
        });
    }

    private Adoption examine(Link bridge, BridgePlan plan) {
        if (!(bridge.kind().orElse(null) instanceof LinkKind.Bridge)) {
            throw EngineException.conflict("link " + plan.name() + " exists and is not a bridge: choose another name");
        }
        vlans.requireReady(bridge, plan);
        Set<IpPrefix> present = prefixes(bridge.index());
        List<ChangedSetting> changes = new ArrayList<>();
        if (plan.has(AddressFamily.INET)) {
            // For 127.0.0.1 of the host, see KernelLinkLayer.
            change("net/ipv4/conf/" + plan.name() + "/route_localnet", "1").ifPresent(changes::add);
        }
        if (plan.ipv6()) {
            change("net/ipv6/conf/" + plan.name() + "/disable_ipv6", "0").ifPresent(changes::add);
        }
        return new Adoption(
                bridge.index(),
                (int) bridge.mtu(),
                plan.addresses().stream()
                        .filter(address -> !present.contains(address))
                        .toList(),
                changes,
                !bridge.isUp());
    }

    private Optional<ChangedSetting> change(String key, String wanted) {
        return settings.read(key)
                .filter(value -> !value.equals(wanted))
                .map(value -> new ChangedSetting(key, value, wanted));
    }

    private Set<IpPrefix> prefixes(int index) {
        return addresses.list(index).stream().map(LinkAddress::prefix).collect(Collectors.toSet());
    }

    private static EngineException missing(InterfaceName name) {
        return EngineException.conflict("bridge " + name + " has gone");
    }
}
