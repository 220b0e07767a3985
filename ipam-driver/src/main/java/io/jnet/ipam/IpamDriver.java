package io.jnet.ipam;

import io.jnet.engine.failure.EngineException;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.pool.Pool;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.protocol.Messages;
import io.jnet.ipam.protocol.RequestMapping;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.plugin.Route;
import io.jnet.plugin.Subsystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Docker's IpamDriver protocol on the pools: its methods, and the one table that binds them to their paths. */
public final class IpamDriver {
    private static final Logger LOG = LoggerFactory.getLogger(IpamDriver.class);
    private static final Messages.Empty EMPTY = new Messages.Empty();

    private final AddressPools pools;

    private final Predicate<IpPrefix> others;

    private IpamDriver(AddressPools pools, Predicate<IpPrefix> others) {
        this.pools = pools;
        this.others = others;
    }

    /** The protocol's methods, for a plugin to answer, where all containers are Docker's. */
    public static Subsystem on(AddressPools pools) {
        return on(pools, range -> false);
    }

    /**
     * The protocol's methods, for a plugin to answer.
     *
     * @param others whether containers that Docker knows nothing of have addresses of a range: then its pool stays, with the gateway
     */
    public static Subsystem on(AddressPools pools, Predicate<IpPrefix> others) {
        return new Subsystem("IpamDriver", new IpamDriver(pools, others).routes());
    }

    private List<Route> routes() {
        return List.of(
                // No replay: what dockerd repeats at its start could not be told from what a second container asks for.
                Route.constant("/IpamDriver.GetCapabilities", new Messages.Capabilities(false, false)),
                Route.constant(
                        "/IpamDriver.GetDefaultAddressSpaces",
                        new Messages.AddressSpaces(RequestMapping.LOCAL, RequestMapping.GLOBAL)),
                Route.of("/IpamDriver.RequestPool", Messages.RequestPool.class, this::requestPool),
                Route.of("/IpamDriver.ReleasePool", Messages.ReleasePool.class, this::releasePool),
                Route.of("/IpamDriver.RequestAddress", Messages.RequestAddress.class, this::requestAddress),
                Route.of("/IpamDriver.ReleaseAddress", Messages.ReleaseAddress.class, this::releaseAddress));
    }

    private Object requestPool(Messages.RequestPool message) {
        List<String> ignored = new ArrayList<>();
        Pool pool = pools.requestPool(RequestMapping.toRequest(message, ignored::add));
        if (!ignored.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("pool", pool.id())
                    .addKeyValue("options", ignored)
                    .log("unknown options ignored");
        }
        return new Messages.PoolAnswer(pool.id().value(), pool.prefix().toString(), Map.of());
    }

    private Object releasePool(Messages.ReleasePool message) {
        PoolId.find(message.poolId()).ifPresent(pool -> {
            requireNoOthers(pool);
            pools.releasePool(pool);
        });
        return EMPTY;
    }

    private Object requestAddress(Messages.RequestAddress message) {
        AddressRequest request = RequestMapping.toRequest(message);
        IpPrefix address = pools.requestAddress(new PoolId(message.poolId()), request);
        return new Messages.AddressAnswer(address.toString(), Map.of());
    }

    private Object releaseAddress(Messages.ReleaseAddress message) {
        IpAddress address = RequestMapping.toAddress(message.address());
        PoolId.find(message.poolId()).ifPresent(pool -> {
            if (pools.isGateway(pool, address)) {
                requireNoOthers(pool);
            }
            pools.releaseAddress(pool, address);
        });
        return EMPTY;
    }

    private void requireNoOthers(PoolId pool) {
        pool.prefix().filter(others).ifPresent(range -> {
            throw EngineException.conflict(
                    "pool " + range + " stays as long as containers of CNI, or attached by hand, have addresses of it");
        });
    }
}
