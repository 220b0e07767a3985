package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jnet.plugin.Absent;
import java.util.List;

/**
 * The body of {@code ProgramExternalConnectivity}.
 *
 * @param networkId the network
 * @param endpointId the endpoint
 * @param options what is to be published
 */
public record ProgramRequest(
        @JsonProperty("NetworkID") String networkId,
        @JsonProperty("EndpointID") String endpointId,
        @JsonProperty("Options") Options options) {
    public ProgramRequest {
        networkId = Absent.toEmpty(networkId);
        endpointId = Absent.toEmpty(endpointId);
        options = options == null ? new Options(null) : options;
    }

    /**
     * The options of the call.
     *
     * @param portMap the ports to publish
     */
    public record Options(@JsonProperty("com.docker.network.portmap") List<PublishedPort> portMap) {
        public Options {
            portMap = Absent.toEmpty(portMap);
        }
    }
}
