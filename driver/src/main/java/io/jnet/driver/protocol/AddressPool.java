package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;
import java.util.Map;

/**
 * One element of {@code IPv4Data} or {@code IPv6Data}: a subnet that IPAM gave to a network.
 *
 * @param pool the subnet as {@code ADDRESS/LENGTH}
 * @param gateway the gateway as {@code ADDRESS/LENGTH}; empty when IPAM gave none
 * @param auxAddresses addresses that IPAM reserved, by name
 */
public record AddressPool(
        @JsonProperty("Pool") String pool,
        @JsonProperty("Gateway") String gateway,
        @JsonProperty("AuxAddresses") Map<String, String> auxAddresses) {
    public AddressPool {
        pool = Absent.toEmpty(pool);
        gateway = Absent.toEmpty(gateway);
        auxAddresses = Absent.toEmpty(auxAddresses);
    }
}
