package io.jnet.daemon.control;

import io.jnet.cni.CniPlugin;
import io.jnet.ipam.pool.PoolReport;
import io.jnet.netlink.address.IpPrefix;
import java.math.BigInteger;
import java.util.Optional;

/**
 * An address pool.
 *
 * @param id its identity
 * @param pool the range
 * @param range the part that addresses are chosen from; absent: all of it
 * @param used leased addresses, gateways among them
 * @param free addresses that can be chosen
 * @param sticky whether owners get their addresses again
 * @param runtime who asked for it: {@code docker} or {@code cni}
 * @param since when it was made, in UTC (ISO 8601)
 */
public record PoolView(
        String id,
        String pool,
        Optional<String> range,
        long used,
        BigInteger free,
        boolean sticky,
        String runtime,
        String since) {
    static PoolView of(PoolReport report) {
        return new PoolView(
                report.pool().id().value(),
                report.pool().prefix().toString(),
                report.pool().part().map(IpPrefix::toString),
                report.used(),
                report.free(),
                report.pool().sticky(),
                RuntimeName.of(CniPlugin.owns(report.pool())),
                report.pool().since().toString());
    }
}
