package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;

/**
 * A request about a network: {@code DeleteNetwork}, {@code FreeNetwork}.
 *
 * @param networkId the network; 64 hex digits, or 25 base-36 digits from a swarm
 */
public record NetworkRequest(@JsonProperty("NetworkID") String networkId) {
    public NetworkRequest {
        networkId = Absent.toEmpty(networkId);
    }
}
