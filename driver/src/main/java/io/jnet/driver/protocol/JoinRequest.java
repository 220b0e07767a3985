package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * The body of {@code Join}. Its options repeat the port map and are not read.
 *
 * @param networkId the network
 * @param endpointId the endpoint
 * @param sandboxKey the path of the container's network namespace, which may not exist yet (Docker 20 to 26)
 */
public record JoinRequest(
        @JsonProperty("NetworkID") String networkId,
        @JsonProperty("EndpointID") String endpointId,
        @JsonProperty("SandboxKey") String sandboxKey) {
    public JoinRequest {
        networkId = Absent.toEmpty(networkId);
        endpointId = Absent.toEmpty(endpointId);
        sandboxKey = Absent.toEmpty(sandboxKey);
    }
}
