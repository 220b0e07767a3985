package io.jnet.daemon.control;

import io.jnet.engine.network.FamilyPolicy;
import io.jnet.netlink.address.IpAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * What is particular to one address family of a network.
 *
 * @param gatewayMode {@code nat}, {@code nat-unprotected}, {@code routed} or {@code isolated}
 * @param source the address that packets leave with; absent: that of the interface by which they leave
 */
public record FamilyView(String gatewayMode, Optional<String> source) {
    static FamilyView of(FamilyPolicy policy) {
        return new FamilyView(
                policy.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                policy.source().map(IpAddress::toString));
    }
}
