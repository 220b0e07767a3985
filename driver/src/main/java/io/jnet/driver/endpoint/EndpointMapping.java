package io.jnet.driver.endpoint;

import io.jnet.driver.protocol.Answers;
import io.jnet.driver.protocol.CreateEndpointRequest;
import io.jnet.driver.protocol.EndpointInterface;
import io.jnet.driver.protocol.JoinResponse;
import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.StaticRoute;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code CreateEndpoint} and {@code Join}, in both directions. */
public final class EndpointMapping {
    private static final int NEXT_HOP = 0;
    private static final int CONNECTED = 1;

    private EndpointMapping() {}

    /**
     * The endpoint that a request asks for.
     *
     * @throws EngineException for a bad address, MAC or option
     */
    public static EndpointSpec toSpec(CreateEndpointRequest request) {
        NetworkId network = new NetworkId(request.networkId());
        EndpointId id = new EndpointId(request.endpointId());
        EndpointOptions options = EndpointOptions.of(request.options());
        EndpointInterface given = request.endpointInterface();
        List<IpPrefix> addresses = new ArrayList<>();
        address(given.address(), AddressFamily.INET).ifPresent(addresses::add);
        address(given.addressIpv6(), AddressFamily.INET6).ifPresent(addresses::add);
        return new EndpointSpec(network, id, addresses, mac(given.macAddress()))
                .publishing(options.publish())
                .called(options.names());
    }

    /** The options of a request that nobody acts on, fit to be shown. */
    public static List<String> ignoredOptions(CreateEndpointRequest request) {
        return EndpointOptions.ignored(request.options());
    }

    /** What dockerd is told of a created endpoint: the MAC address, and only when it had asked for none. */
    public static Answers.CreatedEndpoint toAnswer(CreateEndpointRequest request, Endpoint endpoint) {
        boolean chosen = request.endpointInterface().macAddress().isEmpty();
        return new Answers.CreatedEndpoint(
                new EndpointInterface("", "", chosen ? endpoint.mac().toString() : ""));
    }

    /**
     * What dockerd is told of a joined endpoint. An endpoint without an IPv4 gateway asks for no {@code docker_gwbridge}: dockerd would
     * attach it otherwise, publish the ports there a second time, and give an internal network a way out. One with a gateway must not ask:
     * dockerd would then overlook its gateway when it considers the container's other networks; to the engines that have networks without
     * IPv4, from Docker 28 on, an IPv6 gateway is one.
     */
    public static JoinResponse toAnswer(Attachment attachment) {
        boolean isIpv6Only =
                attachment.gatewayIpv6().isPresent() && !attachment.families().contains(AddressFamily.INET);
        return new JoinResponse(
                new JoinResponse.InterfaceName(attachment.link().value(), attachment.interfacePrefix()),
                attachment.gateway().map(IpAddress::toString).orElse(""),
                attachment.gatewayIpv6().map(IpAddress::toString).orElse(""),
                attachment.routes().stream().map(EndpointMapping::toAnswer).toList(),
                attachment.gateway().isEmpty() && !isIpv6Only);
    }

    private static JoinResponse.StaticRoute toAnswer(StaticRoute route) {
        return new JoinResponse.StaticRoute(
                route.destination().toString(),
                route.nextHop().isPresent() ? NEXT_HOP : CONNECTED,
                route.nextHop().map(IpAddress::toString).orElse(""));
    }

    private static Optional<IpPrefix> address(String text, AddressFamily family) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        IpPrefix address;
        try {
            address = IpPrefix.parse(text);
        } catch (IllegalArgumentException bad) {
            throw new EngineException(ErrorCode.INVALID_REQUEST, "invalid endpoint address: " + bad.getMessage(), bad);
        }
        if (address.family() != family) {
            throw EngineException.invalid("invalid endpoint address " + address + ": another family than its field");
        }
        return Optional.of(address);
    }

    private static Optional<MacAddress> mac(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(MacAddress.parse(text));
        } catch (IllegalArgumentException bad) {
            throw new EngineException(ErrorCode.INVALID_REQUEST, bad.getMessage(), bad);
        }
    }
}
