package io.jnet.engine.network;

import io.jnet.engine.failure.EngineException;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is particular to one address family of a network.
 *
 * @param mode how it meets the outside
 * @param source the address that packets leave with, instead of that of the interface by which they leave; only where packets are
 *     translated. The host need not have it: answers may come back by a route
 */
public record FamilyPolicy(GatewayMode mode, Optional<IpAddress> source) {
    /** Translation, with the address of the interface by which packets leave. */
    public static final FamilyPolicy DEFAULT = new FamilyPolicy(GatewayMode.NAT, Optional.empty());

    private static final List<IpPrefix> NOBODYS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32", "::/127", "fe80::/10", "ff00::/8")
            .map(IpPrefix::parse)
            .toList();

    /** Checks that the policy can be one of {@code family}: {@code INVALID_REQUEST} for a source that no answer could come back to. */
    void check(AddressFamily family) {
        source.ifPresent(address -> {
            if (address.family() != family || NOBODYS.stream().anyMatch(range -> range.contains(address))) {
                throw EngineException.invalid("invalid source address " + address + ": want an "
                        + (family == AddressFamily.INET ? "IPv4" : "IPv6") + " address that answers can come back to");
            }
        });
    }
}
