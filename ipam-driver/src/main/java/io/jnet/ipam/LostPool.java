package io.jnet.ipam;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.StateView;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.lease.Lease;
import io.jnet.ipam.lease.PoolLeases;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.pool.PoolTable;
import io.jnet.ipam.protocol.RequestMapping;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pools of networks whose records were made again from what the kernel has: it has nothing of pools. Who gives a network's addresses away says so
 * by the next request, and the pool is there again, with what is in use leased.
 */
final class LostPool {
    private LostPool() {}

    /** The network that a lost pool may be of; none when a pool overlaps the range, or the network's record was never lost. */
    static Optional<Network> network(StateView state, IpPrefix prefix) {
        boolean taken = PoolTable.in(state).all().stream()
                .anyMatch(pool -> pool.prefix().overlaps(prefix));
        return taken
                ? Optional.empty()
                : state.networks().stream()
                        .filter(network -> network.rebuilt()
                                && network.spec().subnets().stream()
                                        .anyMatch(subnet -> subnet.prefix().equals(prefix)))
                        .findFirst();
    }

    /** The pool that Docker calls so. Which part of it containers got, and whether their names decided, nobody knows. */
    static Pool of(PoolId id, IpPrefix prefix, Instant now) {
        return new Pool(id, RequestMapping.LOCAL, prefix, Optional.empty(), false, now);
    }

    /**
     * Leases the addresses of the network's bridge and containers.
     *
     * @param router another address that is no container's
     */
    static void lease(StateView state, Network network, Pool pool, Optional<IpAddress> router, PoolLeases leases) {
        Stream<IpAddress> gateways = network.spec().subnets().stream()
                .filter(subnet -> subnet.prefix().equals(pool.prefix()))
                .map(Subnet::gateway)
                .flatMap(Optional::stream)
                .map(IpPrefix::address);
        Stream.concat(gateways, router.stream())
                .distinct()
                .filter(gateway -> leases.leased(gateway).isEmpty())
                .forEach(gateway -> leases.take(new AddressRequest(Optional.of(gateway), true, Optional.empty())));
        state.endpoints().stream()
                .filter(endpoint -> endpoint.spec().network().equals(network.id()))
                .map(Endpoint::spec)
                .flatMap(spec -> spec.addresses().stream())
                .map(IpPrefix::address)
                .filter(pool.prefix()::contains)
                .forEach(address -> lease(address, leases));
    }

    /** Leases an endpoint's address, unless it is. */
    static void lease(IpAddress address, PoolLeases leases) {
        if (leases.leased(address).isEmpty()) {
            leases.take(new AddressRequest(Optional.of(address), false, Optional.empty()));
        }
        leases.see(address, Lease.ENDPOINT);
    }
}
