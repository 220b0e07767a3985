package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The body of {@code GwAllocCheck}, sent before a network's addresses are chosen.
 *
 * @param options what {@code docker network create} was told
 */
public record GatewayCheckRequest(@JsonProperty("Options") CreateNetworkRequest.Options options) {
    public GatewayCheckRequest {
        options = options == null ? new CreateNetworkRequest.Options(null, Optional.empty(), null, null) : options;
    }
}
