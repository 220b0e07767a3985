package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;
import java.util.Map;

/**
 * The body of {@code AllocateNetwork}, which a swarm manager sends for drivers of global scope.
 *
 * @param networkId the network
 * @param options what {@code docker network create} was told
 */
public record AllocateNetworkRequest(
        @JsonProperty("NetworkID") String networkId, @JsonProperty("Options") Map<String, String> options) {
    public AllocateNetworkRequest {
        networkId = Absent.toEmpty(networkId);
        options = Absent.toEmpty(options);
    }
}
