package io.jnet.engine.firewall;

import io.jnet.netlink.link.InterfaceName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A firewall service of the host that decides by zones, which interfaces are in, and by policies from zone to zone. Whoever is in no zone is
 * a stranger to it. All methods return at once but {@link #await}; any thread may call them.
 */
public interface ZoneFirewall extends AutoCloseable {
    /** For a host that has none. */
    ZoneFirewall NONE = new ZoneFirewall() {
        @Override
        public void follow(Set<InterfaceName> bridges, Set<InterfaceName> others) {}

        @Override
        public boolean await(InterfaceName bridge, Duration longest) {
            return false;
        }

        @Override
        public void forget() {}

        @Override
        public Optional<Set<Passage>> passages() {
            return Optional.empty();
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    };

    /**
     * Sees to it, as long as the service runs and from now on, that these bridges are in a zone, and no others that were put into one.
     *
     * @param others the host's other interfaces
     */
    void follow(Set<InterfaceName> bridges, Set<InterfaceName> others);

    /** Waits until a bridge that is followed is in a zone. Whether it is. */
    boolean await(InterfaceName bridge, Duration longest);

    /** The service does not run any more, or does not yet. */
    void forget();

    /** What its policies let through to the bridges; nothing at all where it does not run. */
    Optional<Set<Passage>> passages();

    /** Why what is followed is not so, for a person; empty when it is. */
    Optional<String> trouble();

    @Override
    void close();
}
