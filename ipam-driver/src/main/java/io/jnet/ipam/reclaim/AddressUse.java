package io.jnet.ipam.reclaim;

import java.util.Map;

/** Who uses addresses on this host: a port of the reclaiming, to the host. */
@FunctionalInterface
public interface AddressUse {
    /** For a process that may not look into other namespaces: it knows of nobody. */
    AddressUse UNSEEN = new AddressUse() {
        @Override
        public Map<String, NamespaceUse> namespaces() {
            return Map.of();
        }

        @Override
        public boolean canSee() {
            return false;
        }
    };

    /**
     * Each network namespace that there is, by its identity, the host's own among them.
     *
     * @throws io.jnet.engine.failure.EngineException when one of them could not be looked into: then nothing can be said of any address
     */
    Map<String, NamespaceUse> namespaces();

    /** Whether an address that no namespace has is nobody's. */
    default boolean canSee() {
        return true;
    }
}
