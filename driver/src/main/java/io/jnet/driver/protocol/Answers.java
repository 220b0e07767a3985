package io.jnet.driver.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/** The small answers of the protocol. */
public final class Answers {
    private Answers() {}

    /**
     * The answer to {@code GetCapabilities}.
     *
     * @param scope {@code local}: networks are this host's
     * @param connectivityScope {@code local}: no news of other hosts is wanted
     */
    public record Capabilities(
            @JsonProperty("Scope") String scope, @JsonProperty("ConnectivityScope") String connectivityScope) {}

    /**
     * The answer to {@code AllocateNetwork}.
     *
     * @param options what the nodes get as options
     */
    public record Allocation(@JsonProperty("Options") Map<String, String> options) {}

    /**
     * The answer to {@code CreateEndpoint}.
     *
     * @param endpointInterface what the driver has chosen
     */
    public record CreatedEndpoint(@JsonProperty("Interface") EndpointInterface endpointInterface) {}

    /**
     * The answer to {@code EndpointOperInfo}.
     *
     * @param value what the driver says of the endpoint
     */
    public record OperationalInfo(@JsonProperty("Value") Map<String, Object> value) {}

    /** The answer of what has nothing to say. */
    public record Empty() {}
}
