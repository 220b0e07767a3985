package io.jnet.engine;

import io.jnet.engine.firewall.Passage;
import io.jnet.engine.firewall.ZoneFirewall;
import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A zone firewall in memory, which does at once what it is asked. */
final class FakeZones implements ZoneFirewall {
    /** The bridges that are in a zone. */
    volatile Set<InterfaceName> bridges = Set.of();

    volatile Optional<Set<Passage>> passages = Optional.empty();

    @Override
    public void follow(Set<InterfaceName> wanted, Set<InterfaceName> others) {
        bridges = Set.copyOf(wanted);
    }

    @Override
    public boolean await(InterfaceName bridge, Duration longest) {
        return bridges.contains(bridge);
    }

    @Override
    public void forget() {
        bridges = Set.of();
    }

    @Override
    public Optional<Set<Passage>> passages() {
        return passages;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
