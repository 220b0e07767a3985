package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * The body of {@code CreateEndpoint}.
 *
 * @param networkId the network that the endpoint is to be on
 * @param endpointId the endpoint
 * @param endpointInterface what is known of the container's interface
 * @param options the names of the endpoint's options
 */
public record CreateEndpointRequest(
        @JsonProperty("NetworkID") String networkId,
        @JsonProperty("EndpointID") String endpointId,
        @JsonProperty("Interface") EndpointInterface endpointInterface,
        @JsonProperty("Options") OptionNames options) {
    public CreateEndpointRequest {
        networkId = Absent.toEmpty(networkId);
        endpointId = Absent.toEmpty(endpointId);
        endpointInterface = endpointInterface == null ? new EndpointInterface("", "", "") : endpointInterface;
        options = options == null ? OptionNames.NONE : options;
    }
}
