package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The answer to {@code Join}.
 *
 * @param interfaceName the link that dockerd moves into the container
 * @param gateway the IPv4 default gateway, or empty
 * @param gatewayIpv6 the IPv6 default gateway, or empty
 * @param staticRoutes the other routes
 * @param disableGatewayService whether dockerd must not attach {@code docker_gwbridge} for want of a gateway here
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record JoinResponse(
        @JsonProperty("InterfaceName") InterfaceName interfaceName,
        @JsonProperty("Gateway") String gateway,
        @JsonProperty("GatewayIPv6") String gatewayIpv6,
        @JsonProperty("StaticRoutes") List<StaticRoute> staticRoutes,
        @JsonProperty("DisableGatewayService") boolean disableGatewayService) {

    /**
     * A route.
     *
     * @param destination as {@code ADDRESS/LENGTH}, never empty: Docker 28 fails at that
     * @param routeType 0: by the next hop; 1: on the network itself (moby, types.NEXTHOP and types.CONNECTED)
     * @param nextHop the next hop, or empty
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record StaticRoute(
            @JsonProperty("Destination") String destination,
            @JsonProperty("RouteType") int routeType,
            @JsonProperty("NextHop") String nextHop) {}

    /**
     * A link and the name that it gets in the container.
     *
     * @param srcName its name in the host's namespace
     * @param dstPrefix what dockerd makes the name in the container from, by a number
     */
    public record InterfaceName(@JsonProperty("SrcName") String srcName, @JsonProperty("DstPrefix") String dstPrefix) {}
}
