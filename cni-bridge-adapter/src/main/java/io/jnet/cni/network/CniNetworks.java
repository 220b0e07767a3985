package io.jnet.cni.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jnet.cni.configuration.IngressPolicy;
import io.jnet.cni.configuration.NetworkConfiguration;
import io.jnet.cni.configuration.RangeConfiguration;
import io.jnet.cni.configuration.ReceivedResult;
import io.jnet.cni.protocol.CniException;
import io.jnet.engine.Engine;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.pool.AddressRange;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolReport;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds the network of a configuration, and makes it with its pools when it is the first to ask. A network stays when its last container
 * goes, as the reference plugin's bridge does.
 */
public final class CniNetworks {
    /** The address space of pools that no Docker network asked for. */
    private static final String SPACE = "cni";

    private final Engine engine;
    private final AddressPools pools;
    /** Written by what makes and removes networks, read by what uses one. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    public CniNetworks(Engine engine, AddressPools pools) {
        this.engine = engine;
        this.pools = pools;
    }

    /** Frees pools whose network was never finished. */
    public void releaseAbandonedPools() {
        Set<IpPrefix> used = engine.networks().stream()
                .flatMap(network -> network.spec().subnets().stream())
                .map(Subnet::prefix)
                .collect(Collectors.toSet());
        pools.pools().stream()
                .map(PoolReport::pool)
                .filter(pool -> isOfCni(pool) && !used.contains(pool.prefix()))
                .forEach(pool -> pools.releasePool(pool.id()));
    }

    /**
     * Does something with the network of a configuration, which is made when there is none of its name, and goes again when that fails. Nobody
     * removes it meanwhile.
     *
     * @param received what another plugin gave; absent where addresses are jnet's to give
     * @param asItIs whether a network that is there need not do what the configuration asks of one that has to be made
     * @throws CniException when there is one that contradicts the configuration: both values are named
     */
    public <T> T with(
            NetworkConfiguration configuration,
            Optional<ReceivedResult> received,
            boolean asItIs,
            Function<Network, T> work) {
        return using(
                configuration.name(),
                network -> {
                    Agreement agreement = new Agreement(network, isOfCni(network), pools);
                    agreement.check(configuration, received);
                    if (!asItIs) {
                        agreement.checkDemands(configuration);
                    }
                },
                () -> received.map(result -> engine.createNetwork(spec(configuration, subnets(configuration, result))))
                        .orElseGet(() -> make(configuration)),
                work);
    }

    /**
     * Does something with the network of a configuration whose interfaces another plugin makes, as {@link #with} does.
     *
     * @throws CniException when jnet makes the interfaces of the network of that name
     */
    public <T> T withForeign(NetworkConfiguration configuration, Function<Network, T> work) {
        String name = configuration.name();
        return using(name, CniNetworks::requireForeign, () -> engine.createNetwork(foreignSpec(name)), work);
    }

    /**
     * Refuses a configuration that the network of its name contradicts.
     *
     * @throws CniException when it does: both values are named
     */
    public void requireAgreement(Network network, NetworkConfiguration configuration) {
        Agreement agreement = new Agreement(network, isOfCni(network), pools);
        agreement.check(configuration, Optional.empty());
        agreement.checkDemands(configuration);
    }

    private <T> T using(String name, Consumer<Network> check, Supplier<Network> maker, Function<Network, T> work) {
        lock.readLock().lock();
        try {
            Optional<Network> existing = find(name);
            if (existing.isPresent()) {
                check.accept(existing.get());
                return work.apply(existing.get());
            }
        } finally {
            lock.readLock().unlock();
        }
        return usingNew(name, check, maker, work);
    }

    /** With the lock that others wait for: there may be one by now. */
    private <T> T usingNew(String name, Consumer<Network> check, Supplier<Network> maker, Function<Network, T> work) {
        lock.writeLock().lock();
        try {
            Optional<Network> existing = find(name);
            if (existing.isPresent()) {
                check.accept(existing.get());
                return work.apply(existing.get());
            }
            Network made = maker.get();
            try {
                return work.apply(made);
            } catch (RuntimeException failure) {
                removeAfter(made, failure);
                throw failure;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static void requireForeign(Network network) {
        if (network.hasBridge()) {
            throw CniException.configuration("prevResult contradicts network " + network.displayName()
                    + ", whose interfaces jnet makes: "
                    + (isOfCni(network) ? Agreement.remedy(network) : "take another name"));
        }
    }

    private static NetworkSpec foreignSpec(String name) {
        return new NetworkSpec(
                new NetworkId(digest(name)),
                Optional.of(name),
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of(NetworkFlag.FOREIGN_LINKS));
    }

    /** The network of a name, in use; empty when there is none. */
    public Optional<Network> find(String name) {
        return engine.networks().stream()
                .filter(network -> network.spec().name().equals(Optional.of(name)))
                .filter(network -> network.state() == NetworkState.READY)
                .findFirst();
    }

    /**
     * The pools of a network's subnets. Where a lost state's record was made again, its pools are those that the first configuration describes.
     *
     * @throws CniException when one has none: a network whose addresses somebody else gives away
     */
    private List<Pool> pools(Network network, NetworkConfiguration configuration) {
        List<Pool> found = new ArrayList<>();
        if (network.spec().subnets().isEmpty()) {
            throw CniException.configuration(
                    "network " + network.displayName() + " has no subnet: want \"ipam\": {}, or another network");
        }
        for (Subnet subnet : network.spec().subnets()) {
            found.add(pools.pool(subnet.prefix())
                    .or(() -> restored(network, subnet, configuration))
                    .orElseThrow(() -> CniException.configuration("network " + network.displayName()
                            + (isOfCni(network)
                                    ? " gets its addresses from another plugin than jnet: name it in ipam.type"
                                    : " gets its addresses from Docker, which would give them away twice: make it again"
                                            + " with docker network create --ipam-driver jnet"))));
        }
        return found;
    }

    private Optional<Pool> restored(Network network, Subnet subnet, NetworkConfiguration configuration) {
        if (!network.rebuilt() || !isOfCni(network)) {
            return Optional.empty();
        }
        Optional<RangeConfiguration> range = configuration.ipam().ranges().stream()
                .filter(one -> one.subnet().equals(subnet.prefix()))
                .findFirst();
        PoolRequest request = new PoolRequest(
                SPACE,
                subnet.family(),
                Optional.of(subnet.prefix()),
                Optional.empty(),
                range.flatMap(RangeConfiguration::networkLimits),
                configuration.ipam().sticky());
        return Optional.of(pools.restorePool(network.id(), request, range.map(RangeConfiguration::gateway)));
    }

    /**
     * The pools of which a container gets an address each: of every set, one.
     *
     * @throws CniException when a subnet has none: a network whose addresses somebody else gives away
     */
    public List<List<Pool>> poolSets(Network network, NetworkConfiguration configuration) {
        List<Pool> all = pools(network, configuration);
        List<List<Pool>> sets = configuration.ipam().rangeSets().stream()
                .map(set -> all.stream()
                        .filter(pool ->
                                set.stream().anyMatch(range -> range.subnet().equals(pool.prefix())))
                        .toList())
                .toList();
        return sets.isEmpty()
                ? Arrays.stream(AddressFamily.values())
                        .map(family -> all.stream()
                                .filter(pool -> pool.prefix().family() == family)
                                .toList())
                        .filter(set -> !set.isEmpty())
                        .toList()
                : sets;
    }

    /**
     * Removes a network that a configuration has made, with its pools.
     *
     * @throws EngineException {@code NOT_FOUND} when there is none, {@code CONFLICT} when it is somebody else's or in use
     */
    public Network remove(String reference) {
        return remove(reference, CniNetworks::isOfCni, network -> {
            if (!isOfCni(network)) {
                throw EngineException.conflict(
                        "network " + network.displayName()
                                + " is Docker's: remove it with docker network rm, or with --forgotten when Docker does not know it");
            }
        });
    }

    /**
     * The same for a network of any front end, of which that has no memory: one whose creation was not answered, because the daemon died, or that
     * was removed while containers that it knows nothing of were on it.
     *
     * @throws EngineException {@code NOT_FOUND} when there is none, {@code CONFLICT} when it is in use
     */
    public Network removeForgotten(String reference) {
        return remove(reference, pool -> true, network -> {});
    }

    /** An endpoint that no container has joined is in nobody's use. */
    private Network remove(String reference, Predicate<Pool> own, Consumer<Network> check) {
        lock.writeLock().lock();
        try {
            Network network = engine.network(reference);
            check.accept(network);
            long used = engine.endpoints().stream()
                    .filter(endpoint -> endpoint.spec().network().equals(network.id()))
                    .filter(endpoint -> !endpoint.isUnjoined())
                    .count();
            if (used > 0) {
                throw EngineException.conflict("network " + network.displayName() + " is in use by " + used
                        + (used == 1 ? " container" : " containers") + ": remove them first");
            }
            engine.deleteNetwork(network.id());
            network.spec().subnets().forEach(subnet -> pools.pool(subnet.prefix())
                    .filter(own)
                    .ifPresent(pool -> pools.releasePool(pool.id())));
            return network;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void removeAfter(Network network, RuntimeException cause) {
        Undoing.because(cause, () -> remove(network.id().value()));
    }

    /** The subnets that a plugin has given addresses of. */
    private static List<Subnet> subnets(NetworkConfiguration configuration, ReceivedResult received) {
        Map<IpPrefix, Subnet> subnets = new LinkedHashMap<>();
        for (ReceivedResult.Address one : received.addresses()) {
            IpPrefix prefix = one.address().network();
            IpAddress gateway =
                    one.gateway().orElseGet(() -> AddressRange.ofHosts(prefix).first());
            Optional<IpPrefix> ofBridge =
                    configuration.gateway() ? Optional.of(new IpPrefix(gateway, prefix.length())) : Optional.empty();
            subnets.putIfAbsent(prefix, new Subnet(prefix, ofBridge));
        }
        return List.copyOf(subnets.values());
    }

    private Network make(NetworkConfiguration configuration) {
        if (!configuration.ipam().source().hasSubnets()) {
            return engine.createNetwork(spec(configuration, List.of()));
        }
        // Of a network whose removal failed first, and then succeeded without a word.
        releaseAbandonedPools();
        List<Pool> made = new ArrayList<>();
        try {
            List<Subnet> subnets = new ArrayList<>();
            for (Optional<RangeConfiguration> range : ranges(configuration)) {
                Pool pool = pool(range, configuration);
                made.add(pool);
                IpAddress gateway = reserveGateway(pool, range);
                subnets.add(new Subnet(
                        pool.prefix(),
                        configuration.gateway()
                                ? Optional.of(
                                        new IpPrefix(gateway, pool.prefix().length()))
                                : Optional.empty()));
            }
            return engine.createNetwork(spec(configuration, subnets));
        } catch (RuntimeException failure) {
            made.forEach(pool -> release(pool, failure));
            throw failure;
        }
    }

    /** Without a range, one of IPv4 is chosen. */
    private static List<Optional<RangeConfiguration>> ranges(NetworkConfiguration configuration) {
        List<Optional<RangeConfiguration>> ranges =
                configuration.ipam().ranges().stream().map(Optional::of).toList();
        return ranges.isEmpty() ? List.of(Optional.empty()) : ranges;
    }

    private Pool pool(Optional<RangeConfiguration> range, NetworkConfiguration configuration) {
        return pools.requestPool(new PoolRequest(
                SPACE,
                range.map(RangeConfiguration::family).orElse(AddressFamily.INET),
                range.map(RangeConfiguration::subnet),
                Optional.empty(),
                range.flatMap(RangeConfiguration::networkLimits),
                configuration.ipam().sticky()));
    }

    private IpAddress reserveGateway(Pool pool, Optional<RangeConfiguration> range) {
        AddressRequest request = new AddressRequest(range.map(RangeConfiguration::gateway), true, Optional.empty());
        return pools.requestAddress(pool.id(), request).address();
    }

    private void release(Pool pool, RuntimeException cause) {
        Undoing.because(cause, () -> pools.releasePool(pool.id()));
    }

    private static NetworkSpec spec(NetworkConfiguration configuration, List<Subnet> subnets) {
        Set<NetworkFlag> flags = EnumSet.noneOf(NetworkFlag.class);
        flags.addAll(configuration.flags());
        if (configuration.masquerade()) {
            flags.add(NetworkFlag.MASQUERADE);
        }
        if (configuration.interContainer()) {
            flags.add(NetworkFlag.INTER_CONTAINER);
        }
        GatewayMode mode =
                configuration.ingress() == IngressPolicy.OPEN ? GatewayMode.NAT_UNPROTECTED : GatewayMode.NAT;
        FamilyPolicy policy = new FamilyPolicy(mode, Optional.empty());
        NetworkSpec spec = new NetworkSpec(
                new NetworkId(digest(configuration.name())),
                Optional.of(configuration.name()),
                configuration.bridge(),
                subnets,
                configuration.mtu(),
                "eth",
                Optional.empty(),
                flags,
                new Exterior(policy, policy, List.of(), List.of(), configuration.publish()));
        NetworkSpec resolving = configuration.resolution().map(spec::resolving).orElse(spec);
        return configuration.vlans().map(resolving::in).orElse(resolving);
    }

    /** Whether a configuration has made a network. */
    public static boolean isOfCni(Network network) {
        return network.spec()
                .name()
                .map(CniNetworks::digest)
                .equals(Optional.of(network.id().value()));
    }

    /** Whether a pool was made for a configuration. */
    public static boolean isOfCni(Pool pool) {
        return pool.space().equals(SPACE);
    }

    private static String digest(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(("cni network " + name).getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new EngineException(ErrorCode.INTERNAL, "no SHA-256", everyPlatformHasIt);
        }
    }
}
