package io.jnet.netlink.route;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.AttributeCodec;
import io.jnet.netlink.Attributes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a route may have beyond its next hop (ip-route(8)).
 *
 * @param priority of several routes to one destination the least is used; absent: the kernel's default
 * @param scope how far the destination is: 0 anywhere, 253 on the link, 254 on the host; absent: by whether there is a gateway
 * @param mtu the path's, in bytes; absent: the link's
 * @param advertisedMss for TCP, in bytes; absent: by the MTU
 */
public record RouteOptions(OptionalLong priority, OptionalInt scope, OptionalLong mtu, OptionalLong advertisedMss) {
    /** None of them. */
    public static final RouteOptions NONE =
            new RouteOptions(OptionalLong.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalLong.empty());

    private static final Attribute<Long> RTAX_MTU = Attribute.of(2, "RTAX_MTU", AttributeCodec.U32);
    private static final Attribute<Long> RTAX_ADVMSS = Attribute.of(8, "RTAX_ADVMSS", AttributeCodec.U32);

    /** The same with a priority. */
    public RouteOptions withPriority(long number) {
        return new RouteOptions(OptionalLong.of(number), scope, mtu, advertisedMss);
    }

    /** {@code RTA_METRICS}; empty when there are none. */
    Optional<Attributes> metrics() {
        if (mtu.isEmpty() && advertisedMss.isEmpty()) {
            return Optional.empty();
        }
        Attributes metrics = Attributes.none();
        if (mtu.isPresent()) {
            metrics = metrics.with(RTAX_MTU, mtu.getAsLong());
        }
        return Optional.of(advertisedMss.isPresent() ? metrics.with(RTAX_ADVMSS, advertisedMss.getAsLong()) : metrics);
    }
}
