package io.jnet.daemon.control;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.port.PortBinding;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A published port, or a run of them that keep their distance.
 *
 * @param network the identity of the network
 * @param endpoint the identity of the endpoint
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param hostAddresses the host's addresses; {@code 0.0.0.0} and {@code ::} stand for every address of their family
 * @param hostPort the host's first port
 * @param containerPort the container's first port
 * @param count how many ports in a row
 */
public record PortView(
        String network,
        String endpoint,
        String protocol,
        List<String> hostAddresses,
        int hostPort,
        int containerPort,
        int count) {

    static PortView of(Endpoint endpoint, PortBinding binding) {
        List<String> addresses = binding.hostAddress()
                .map(address -> List.of(address.toString()))
                .orElseGet(() -> everyAddress(endpoint));
        return new PortView(
                endpoint.spec().network().value(),
                endpoint.id().value(),
                binding.protocol().text(),
                addresses,
                binding.hostPorts().first(),
                binding.containerPort(),
                binding.hostPorts().size());
    }

    private static List<String> everyAddress(Endpoint endpoint) {
        return Stream.of(AddressFamily.values())
                .filter(family -> endpoint.spec().address(family).isPresent())
                .map(family -> IpAddress.any(family).toString())
                .toList();
    }
}
