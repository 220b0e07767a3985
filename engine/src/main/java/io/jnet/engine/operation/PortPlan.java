package io.jnet.engine.operation;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a network makes of the ports that a container wants published: ports of the host where a family is translated, open ports of the
 * container where it is routed or where the network trusts an interface.
 *
 * @param translated requests for ports of the host
 * @param open open ports of the container
 */
record PortPlan(List<PortRequest> translated, List<OpenPort> open) {

    /** @param requests with the network's own defaults */
    static PortPlan of(Network network, Endpoint endpoint, List<PortRequest> requests) {
        if (Arrays.stream(AddressFamily.values()).noneMatch(family -> isDirect(network, family))) {
            return new PortPlan(requests, List.of());
        }
        List<PortRequest> translated = new ArrayList<>();
        List<OpenPort> open = new ArrayList<>();
        for (PortRequest request : requests) {
            translated(network, endpoint, request).ifPresent(translated::add);
            for (AddressFamily family : AddressFamily.values()) {
                if (isDirect(network, family)
                        && concerns(request, family)
                        && endpoint.spec().address(family).isPresent()) {
                    open.add(new OpenPort(request.protocol(), family, PortRange.of(request.containerPort())));
                }
            }
        }
        return new PortPlan(translated, OpenPort.joined(open));
    }

    /** A host port where all families are routed would lead nowhere; where one is, it is for the other one only. */
    private static Optional<PortRequest> translated(Network network, Endpoint endpoint, PortRequest request) {
        List<AddressFamily> wanted = Arrays.stream(AddressFamily.values())
                .filter(family -> concerns(request, family))
                .filter(family ->
                        request.hostAddress().isPresent() || network.spec().has(family))
                .toList();
        List<AddressFamily> remaining =
                wanted.stream().filter(family -> !isRouted(network, family)).toList();
        if (remaining.equals(wanted)) {
            return Optional.of(request);
        }
        return remaining.stream()
                .filter(family -> endpoint.spec().address(family).isPresent())
                .findFirst()
                .map(family -> new PortRequest(
                        request.protocol(),
                        Optional.of(IpAddress.any(family)),
                        request.hostPorts(),
                        request.containerPort()));
    }

    /** Whether anybody reaches ports at a container's own address from outside. */
    private static boolean isDirect(Network network, AddressFamily family) {
        return isRouted(network, family) || !network.spec().exterior().trusted().isEmpty();
    }

    private static boolean isRouted(Network network, AddressFamily family) {
        return network.spec().has(family) && network.spec().exterior().mode(family) == GatewayMode.ROUTED;
    }

    private static boolean concerns(PortRequest request, AddressFamily family) {
        return request.hostAddress().map(host -> host.family() == family).orElse(true);
    }
}
