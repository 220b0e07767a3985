package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * A request about an endpoint: {@code DeleteEndpoint}, {@code EndpointOperInfo}, {@code Leave}, {@code RevokeExternalConnectivity}.
 *
 * @param networkId the network that the endpoint is on
 * @param endpointId the endpoint
 */
public record EndpointRequest(
        @JsonProperty("NetworkID") String networkId, @JsonProperty("EndpointID") String endpointId) {
    public EndpointRequest {
        networkId = Absent.toEmpty(networkId);
        endpointId = Absent.toEmpty(endpointId);
    }
}
