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
     * @param gatewayChecker whether {@code GwAllocCheck} is answered, which Docker 28 and later ask before a network is made
     */
    public record Capabilities(
            @JsonProperty("Scope") String scope,
            @JsonProperty("ConnectivityScope") String connectivityScope,
            @JsonProperty("GwAllocChecker") boolean gatewayChecker) {}

    /**
     * The answer to {@code GwAllocCheck}.
     *
     * @param skipIpv4 whether the network needs no IPv4 gateway address
     * @param skipIpv6 whether the network needs no IPv6 gateway address
     */
    public record GatewayNeeds(
            @JsonProperty("SkipIPv4") boolean skipIpv4, @JsonProperty("SkipIPv6") boolean skipIpv6) {}

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
