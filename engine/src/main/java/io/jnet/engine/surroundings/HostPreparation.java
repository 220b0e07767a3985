package io.jnet.engine.surroundings;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.firewall.Firewall;
import io.jnet.engine.forwarding.Forwarding;
import io.jnet.engine.host.ChangedSetting;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.plan.Desired;
import io.jnet.engine.store.StateStore;
import io.jnet.engine.work.Teardown;
import io.jnet.netlink.link.InterfaceName;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the host forward for the networks that need it: from the first container on, until no network is left that does. The host's lock is
 * held by every caller but those of {@link #isDone}.
 */
public final class HostPreparation {
    private static final Logger LOG = LoggerFactory.getLogger(HostPreparation.class);
    private static final Set<EndpointState> IN_USE = EnumSet.of(EndpointState.JOINING, EndpointState.JOINED);

    private final StateStore store;
    private final Desired desired;
    private final Firewall firewall;
    private final List<Forwarding> forwardings;
    /** What the log has said of settings that are off. */
    private List<String> told = List.of();

    public HostPreparation(StateStore store, Desired desired, Firewall firewall, List<Forwarding> forwardings) {
        this.store = store;
        this.desired = desired;
        this.firewall = firewall;
        this.forwardings = List.copyOf(forwardings);
    }

    /** Whether the host forwards for a network already: a look at a few settings. */
    public boolean isDone(Network network) {
        return forwardings.stream()
                .allMatch(forwarding -> !needs(network, forwarding) || forwarding.isOpen(network.bridge()));
    }

    /** Makes the host forward for a network, where the network leaves the host at all. */
    public void prepare(Network network) {
        for (Forwarding forwarding : forwardings) {
            if (needs(network, forwarding)) {
                Set<InterfaceName> bridges = new HashSet<>(bridgesInUse(forwarding));
                bridges.add(network.bridge());
                forwarding.open(ownBridges(), bridges, this::guard);
            }
        }
    }

    /** Follows what became of the host's interfaces and of its own forwarding since. The ruleset is installed. */
    public void follow() {
        for (Forwarding forwarding : forwardings) {
            Set<InterfaceName> bridges = bridgesInUse(forwarding);
            if (!bridges.isEmpty() || forwarding.isRecorded()) {
                forwarding.open(ownBridges(), bridges, this::guard);
            }
        }
        tellOfSwitchedOff();
    }

    /** One line for each setting that somebody else has switched off and that containers need. */
    public List<String> switchedOff() {
        return forwardings.stream()
                .flatMap(forwarding -> forwarding.switchedOff(bridgesInUse(forwarding)).stream())
                .map(ChangedSetting::sysctl)
                .map(key ->
                        "somebody else has switched " + key + " off, and jnet leaves it so: packets that come in there"
                                + " are not forwarded for its networks until it is 1")
                .toList();
    }

    private void tellOfSwitchedOff() {
        List<String> now = switchedOff();
        now.stream().filter(line -> !told.contains(line)).forEach(LOG::warn);
        told = now;
    }

    /**
     * Goes on where an earlier process ended. One that died while it prepared the host for a first container, which then never came, is taken
     * back. The ruleset is installed.
     */
    public void resume() {
        if (forwardings.stream().anyMatch(Forwarding::isRecorded) && !isNeeded()) {
            releaseBut(List.of());
        } else {
            follow();
        }
    }

    private boolean isNeeded() {
        boolean used = forwardings.stream()
                .anyMatch(forwarding -> !bridgesInUse(forwarding).isEmpty());
        return used
                || store.read(state -> state.networks()).stream()
                        .filter(network -> network.state() == NetworkState.READY)
                        .anyMatch(network -> forwardings.stream().anyMatch(forwarding -> needs(network, forwarding))
                                && isDone(network));
    }

    /** Takes back what none of the remaining networks needs. The ruleset is still installed. */
    public void release(Collection<Network> remaining) {
        Teardown teardown = new Teardown();
        for (Forwarding forwarding : forwardings) {
            if (remaining.stream().noneMatch(network -> needs(network, forwarding))) {
                teardown.step(forwarding::close);
            } else if (forwarding.isRecorded()) {
                teardown.step(() -> forwarding.open(ownBridges(), bridgesInUse(forwarding), this::guard));
            }
        }
        teardown.finish();
    }

    /** Takes back what none of these networks needs, though others are there: the rules stay, and know of it. */
    public void releaseBut(Collection<Network> inUse) {
        release(inUse);
        guard();
    }

    private void guard() {
        firewall.setSurroundings(desired.surroundings());
    }

    private Set<InterfaceName> ownBridges() {
        return store.read(state -> state.networks()).stream()
                .filter(Network::hasBridge)
                .map(Network::bridge)
                .collect(Collectors.toSet());
    }

    private Set<InterfaceName> bridgesInUse(Forwarding forwarding) {
        return store.read(state -> {
            Set<NetworkId> used = state.endpoints().stream()
                    .filter(endpoint -> IN_USE.contains(endpoint.state()))
                    .map(Endpoint::spec)
                    .map(spec -> spec.network())
                    .collect(Collectors.toSet());
            return state.networks().stream()
                    .filter(network -> network.state() == NetworkState.READY
                            && used.contains(network.id())
                            && needs(network, forwarding))
                    .map(Network::bridge)
                    .collect(Collectors.toSet());
        });
    }

    private static boolean needs(Network network, Forwarding forwarding) {
        NetworkSpec spec = network.spec();
        return spec.has(forwarding.family())
                && !spec.flags().contains(NetworkFlag.INTERNAL)
                && spec.exterior().mode(forwarding.family()) != GatewayMode.ISOLATED;
    }
}
