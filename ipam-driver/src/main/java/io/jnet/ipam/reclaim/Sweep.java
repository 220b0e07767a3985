package io.jnet.ipam.reclaim;

import io.jnet.engine.failure.EngineException;
import io.jnet.ipam.lease.Lease;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.netlink.address.IpAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who has which address at one moment. Namespaces are looked into when first asked for: most hosts need not. */
final class Sweep {
    private final Set<IpAddress> joined;
    private final AddressUse host;
    private final Instant now;
    private final Map<LeaseReport, Instant> missing;
    private Optional<Map<String, NamespaceUse>> namespaces = Optional.empty();
    private Optional<EngineException> blindness = Optional.empty();
    private Map<IpAddress, String> users = Map.of();

    Sweep(Set<IpAddress> joined, AddressUse host, Instant now, Map<LeaseReport, Instant> missing) {
        this.joined = joined;
        this.host = host;
        this.now = now;
        this.missing = missing;
    }

    Instant now() {
        return now;
    }

    /** Leases whose user is gone, not long ago. */
    Map<LeaseReport, Instant> missing() {
        return missing;
    }

    /** Whether namespaces had to be looked into. */
    boolean looked() {
        return namespaces.isPresent();
    }

    /** Whether it can be said who has a lease's address: for what is or was an endpoint's no namespace is looked into. */
    boolean canTell(Lease lease) {
        if (isOfEndpoint(lease)) {
            return true;
        }
        if (blindness.isEmpty()) {
            try {
                look();
            } catch (EngineException blind) {
                blindness = Optional.of(blind);
            }
        }
        return blindness.isEmpty();
    }

    /** @throws EngineException when namespaces could not be looked into */
    void requireSight() {
        blindness.ifPresent(failure -> {
            throw failure;
        });
    }

    private boolean isOfEndpoint(Lease lease) {
        return joined.contains(lease.address()) || lease.seenIn().equals(Optional.of(Lease.ENDPOINT));
    }

    /** Who has a lease's address; what was an endpoint's is in use as long as that is there, wherever else one might look. */
    Optional<String> user(Lease lease) {
        if (joined.contains(lease.address())) {
            return Optional.of(Lease.ENDPOINT);
        }
        if (lease.seenIn().equals(Optional.of(Lease.ENDPOINT))) {
            return Optional.empty();
        }
        look();
        return Optional.ofNullable(users.get(lease.address()));
    }

    boolean isConnected(String namespace) {
        if (namespace.equals(Lease.ENDPOINT)) {
            return false;
        }
        NamespaceUse use = look().get(namespace);
        return use != null && use.connected();
    }

    private Map<String, NamespaceUse> look() {
        if (namespaces.isEmpty()) {
            Map<String, NamespaceUse> seen = host.namespaces();
            namespaces = Optional.of(seen);
            users = new HashMap<>();
            seen.forEach((name, use) -> use.addresses().forEach(address -> users.put(address, name)));
        }
        return namespaces.get();
    }
}
