package io.jnet.cni.attachment;

import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.network.CniNetworks;
import io.jnet.cni.network.Undoing;
import io.jnet.cni.protocol.CniEnvironment;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.store.StateChange;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.ipam.lease.Purpose;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of attachments. */
final class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final Engine engine;
    private final CniNetworks networks;
    private final AddressPools pools;

    Leases(Engine engine, CniNetworks networks, AddressPools pools) {
        this.engine = engine;
        this.networks = networks;
        this.pools = pools;
    }

    /** An address of each set of ranges. Where the configuration has none, the network's subnets of an address family are a set. */
    Draw of(Network network, NetworkConfiguration configuration, CniEnvironment environment) {
        List<List<Pool>> sets = networks.poolSets(network, configuration);
        List<IpPrefix> subnets = sets.stream()
                .flatMap(set -> set.stream().limit(1))
                .map(Pool::prefix)
                .toList();
        return new Draw(network, subnets) {
            @Override
            public List<IpPrefix> draw(StateChange state, Predicate<? super IpPrefix> refused) {
                List<IpAddress> asked = new ArrayList<>(configuration.runtime().addresses());
                List<IpPrefix> taken = new ArrayList<>();
                try {
                    for (List<Pool> set : sets) {
                        taken.add(takeOne(state, set, asked, refused, configuration, environment));
                    }
                } catch (EngineException none) {
                    // The caller's answer, and no reason to wait for the end of other endpoints: their addresses are
                    // free later.
                    throw CniException.of(none);
                }
                if (!asked.isEmpty()) {
                    throw CniException.configuration(
                            "address " + asked.get(0) + " is in no subnet of network " + network.displayName());
                }
                return taken;
            }
        };
    }

    /** Addresses that another plugin gave. */
    Draw of(Network network, List<IpPrefix> given) {
        return new Draw(network, given) {
            @Override
            public List<IpPrefix> draw(StateChange state, Predicate<? super IpPrefix> refused) {
                return given;
            }
        };
    }

    /** An attachment's addresses: it gets them as it is written down. */
    abstract class Draw implements AddressDraw {
        private final Network network;
        private final List<IpPrefix> subnets;

        private Draw(Network network, List<IpPrefix> subnets) {
            this.network = network;
            this.subnets = List.copyOf(subnets);
        }

        /** One of the subnet that each is of, or the address itself. */
        List<IpPrefix> subnets() {
            return subnets;
        }

        @Override
        public void attached(StateChange state, List<IpPrefix> addresses) {
            for (IpPrefix address : addresses) {
                network.spec().subnets().stream()
                        .filter(subnet -> subnet.prefix().contains(address.address()))
                        .findFirst()
                        .ifPresent(subnet -> pools.use(state, subnet.prefix(), address.address()));
            }
        }
    }

    /**
     * An address that is asked for, or else one of the first pool that has any left.
     *
     * @param asked the one that is taken is taken off
     */
    private IpPrefix takeOne(
            StateChange state,
            List<Pool> set,
            List<IpAddress> asked,
            Predicate<? super IpPrefix> refused,
            NetworkConfiguration configuration,
            CniEnvironment environment) {
        for (Pool pool : set) {
            Optional<IpAddress> wanted = asked.stream()
                    .filter(address -> pool.prefix().contains(address))
                    .findFirst();
            if (wanted.isPresent()) {
                requireInRange(pool, wanted.get(), configuration);
                asked.remove(wanted.get());
                return take(state, pool, wanted, Optional.empty(), environment);
            }
        }
        EngineException exhausted = EngineException.invalid("a set of ranges is empty");
        for (Pool pool : set) {
            try {
                return takeAny(state, pool, refused, limits(pool, configuration), environment);
            } catch (EngineException full) {
                if (full.code() != ErrorCode.EXHAUSTED) {
                    throw full;
                }
                exhausted = full;
            }
        }
        throw exhausted;
    }

    /** Outside of the range that the configuration names there may be machines that jnet knows nothing of, on a bridge that was there before. */
    private static void requireInRange(Pool pool, IpAddress wanted, NetworkConfiguration configuration) {
        Stream.of(pool.limits().filter(range -> CniNetworks.isOfCni(pool)), limits(pool, configuration))
                .flatMap(Optional::stream)
                .filter(range -> !range.contains(wanted))
                .forEach(range -> {
                    throw CniException.configuration(
                            "address " + wanted + " is not in range " + range + " of subnet " + pool.prefix());
                });
    }

    /** What the runtime has for this container only. */
    private static Optional<AddressRange> limits(Pool pool, NetworkConfiguration configuration) {
        return configuration.ipam().ranges().stream()
                .filter(range -> range.subnet().equals(pool.prefix()))
                .flatMap(range -> range.containerLimits().stream())
                .findFirst();
    }

    /** What is passed over stays leased as long as its endpoint is there. */
    private IpPrefix takeAny(
            StateChange state,
            Pool pool,
            Predicate<? super IpPrefix> refused,
            Optional<AddressRange> limits,
            CniEnvironment environment) {
        IpPrefix taken = take(state, pool, Optional.empty(), limits, environment);
        while (refused.test(taken)) {
            pools.use(state, pool.prefix(), taken.address());
            taken = take(state, pool, Optional.empty(), limits, environment);
        }
        return taken;
    }

    private IpPrefix take(
            StateChange state,
            Pool pool,
            Optional<IpAddress> wanted,
            Optional<AddressRange> limits,
            CniEnvironment environment) {
        return pools.requestAddress(
                state, pool.id(), new AddressRequest(wanted, false, Optional.of(owner(pool, environment)), limits));
    }

    /** Has whoever frees leases that are abandoned look at those that were taken, too. */
    void announce() {
        pools.announceLeases();
    }

    /** Whether all addresses of an endpoint are of jnet's pools, if it has any. */
    boolean hold(Network network, Endpoint endpoint) {
        return endpoint.spec().addresses().stream()
                .allMatch(address -> pool(network, address).isPresent());
    }

    /** Gives back what an attachment still has whose endpoint has gone before it. */
    void release(Network network, CniEnvironment environment) {
        for (Subnet subnet : network.spec().subnets()) {
            pools.pool(subnet.prefix()).ifPresent(pool -> pools.leased(pool.id(), owner(pool, environment))
                    .filter(address -> !isUsed(network, address))
                    .ifPresent(address -> pools.releaseAddress(pool.id(), address)));
        }
    }

    /**
     * Gives back what no endpoint has: whoever took it was ended, or its container has gone without a word. For when no call is under way; later the
     * daemon's reclaimer does this.
     */
    void releaseUnused() {
        Set<IpAddress> used = engine.endpoints().stream()
                .flatMap(endpoint -> endpoint.spec().addresses().stream())
                .map(IpPrefix::address)
                .collect(Collectors.toSet());
        List<LeaseReport> unused = pools.leases().stream()
                .filter(report -> CniNetworks.isOfCni(report.pool()))
                .filter(report -> report.lease().purpose() == Purpose.ENDPOINT)
                .filter(report -> !used.contains(report.lease().address()))
                .toList();
        if (unused.isEmpty()) {
            return;
        }
        try {
            pools.reclaim(unused);
        } catch (EngineException refused) {
            LOG.warn("cannot free addresses of containers that have gone: {}", refused.getMessage());
            return;
        }
        LOG.atInfo()
                .addKeyValue("addresses", unused.size())
                .log("freed addresses that nobody uses and nobody gave back");
    }

    /** In a sticky pool the owner is a name, which another container may have by now. */
    private boolean isUsed(Network network, IpAddress address) {
        return engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().network().equals(network.id()))
                .flatMap(endpoint -> endpoint.spec().addresses().stream())
                .anyMatch(used -> used.address().equals(address));
    }

    /** Gives the addresses of an attachment back. */
    void release(Network network, Endpoint endpoint) {
        endpoint.spec().addresses().forEach(address -> release(network, address));
    }

    /** Gives back what an attachment got that has failed. */
    void release(Network network, CniEnvironment environment, RuntimeException cause) {
        Undoing.because(cause, () -> release(network, environment));
    }

    private void release(Network network, IpPrefix address) {
        pool(network, address).ifPresent(pool -> pools.releaseAddress(pool.id(), address.address()));
    }

    private Optional<Pool> pool(Network network, IpPrefix address) {
        return network.spec().subnets().stream()
                .filter(subnet -> subnet.prefix().contains(address.address()))
                .findFirst()
                .flatMap(subnet -> pools.pool(subnet.prefix()));
    }

    /**
     * Who gets the same address again: the pod or container by its name, where the pool is one for that. Elsewhere no two attachments are
     * one owner, even when a pod's successor has its name.
     */
    private static String owner(Pool pool, CniEnvironment environment) {
        if (!pool.sticky()) {
            return unique(environment);
        }
        return environment
                .podName()
                .map(name -> name + "/" + environment.container())
                .orElseGet(() -> unique(environment));
    }

    private static String unique(CniEnvironment environment) {
        return environment.containerId() + "/" + environment.container();
    }
}
