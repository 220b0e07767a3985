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
        options = options == null ? new Options(null, false) : options;
    }

    /**
     * The options of the call.
     *
     * @param portMap the ports to publish
     * @param noProxy6To4 whether another endpoint of the container is its way for IPv6 (sent since Docker 28; absent means false)
     */
    public record Options(
            @JsonProperty("com.docker.network.portmap") List<PublishedPort> portMap,
            @JsonProperty("com.docker.network.driver.private.no_proxy_6to4") Boolean noProxy6To4) {
        public Options {
            portMap = Absent.toEmpty(portMap);
            noProxy6To4 = noProxy6To4 != null && noProxy6To4;
        }
    }
}
