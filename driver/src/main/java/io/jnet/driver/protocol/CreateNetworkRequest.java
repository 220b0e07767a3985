package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code CreateNetwork}.
 *
 * @param networkId the network
 * @param options what {@code docker network create} was told
 * @param ipv4Data the IPv4 subnets, in no particular order
 * @param ipv6Data the IPv6 subnets, in no particular order
 */
public record CreateNetworkRequest(
        @JsonProperty("NetworkID") String networkId,
        @JsonProperty("Options") Options options,
        @JsonProperty("IPv4Data") List<AddressPool> ipv4Data,
        @JsonProperty("IPv6Data") List<AddressPool> ipv6Data) {
    public CreateNetworkRequest {
        networkId = Absent.toEmpty(networkId);
        options = options == null ? new Options(null, Optional.empty(), null, null) : options;
        ipv4Data = Absent.toEmpty(ipv4Data);
        ipv6Data = Absent.toEmpty(ipv6Data);
    }

    /**
     * The options of a network.
     *
     * @param generic the {@code -o KEY=VALUE} pairs, verbatim
     * @param ipv4 {@code com.docker.network.enable_ipv4}, sent since Docker 28; absent, of engines that have no network without IPv4
     * @param ipv6 {@code com.docker.network.enable_ipv6}; absent means false
     * @param internal {@code --internal}
     */
    public record Options(
            @JsonProperty("com.docker.network.generic") Map<String, String> generic,
            @JsonProperty("com.docker.network.enable_ipv4") Optional<Boolean> ipv4,
            @JsonProperty("com.docker.network.enable_ipv6") Boolean ipv6,
            @JsonProperty("com.docker.network.internal") Boolean internal) {
        @SuppressWarnings("OptionalAssignedToNull") // what is absent
        public Options {
            generic = Absent.toEmpty(generic);
            ipv4 = ipv4 == null ? Optional.empty() : ipv4;
            ipv6 = ipv6 != null && ipv6;
            internal = internal != null && internal;
        }
    }
}
