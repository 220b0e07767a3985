package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * A container's interface in {@code CreateEndpoint}, in both directions. An answer must leave out what the request had given, even with
 * the same value (moby: "driver modified interface").
 *
 * @param address the IPv4 address as {@code ADDRESS/LENGTH}, or empty
 * @param addressIpv6 the IPv6 address as {@code ADDRESS/LENGTH}, or empty
 * @param macAddress the MAC address, or empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EndpointInterface(
        @JsonProperty("Address") String address,
        @JsonProperty("AddressIPv6") String addressIpv6,
        @JsonProperty("MacAddress") String macAddress) {
    public EndpointInterface {
        address = Absent.toEmpty(address);
        addressIpv6 = Absent.toEmpty(addressIpv6);
        macAddress = Absent.toEmpty(macAddress);
    }
}
