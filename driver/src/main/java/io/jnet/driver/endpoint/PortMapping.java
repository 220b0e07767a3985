package io.jnet.driver.endpoint;

import io.jnet.driver.protocol.PublishedPort;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Port maps, in both directions. */
public final class PortMapping {
    private PortMapping() {}

    /**
     * The ports to publish, each once.
     *
     * @throws EngineException for a bad protocol, address or port
     */
    public static List<PortRequest> toRequests(List<PublishedPort> ports) {
        Set<PortRequest> requests = new LinkedHashSet<>();
        for (PublishedPort port : ports) {
            requests.add(new PortRequest(Protocol.of(port.proto()), hostAddress(port), hostPorts(port), port.port()));
        }
        return new ArrayList<>(requests);
    }

    /**
     * What {@code EndpointOperInfo} says. dockerd shows none of it ({@code docker ps} and {@code docker port} stay empty for any remote
     * driver), but other readers of the protocol do.
     */
    public static Map<String, Object> toInfo(Endpoint endpoint) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("com.docker.network.endpoint.macaddress", endpoint.mac().toString());
        List<PublishedPort> ports = new ArrayList<>();
        for (PortBinding binding : endpoint.ports()) {
            String hostIp = binding.hostAddress().map(IpAddress::toString).orElse("");
            int number = binding.protocol().number();
            for (int i = 0; i < binding.hostPorts().size(); i++) {
                int hostPort = binding.hostPorts().first() + i;
                ports.add(new PublishedPort(number, binding.containerPort() + i, hostIp, hostPort, hostPort));
            }
        }
        info.put("com.docker.network.portmap", ports);
        return info;
    }

    private static Optional<IpAddress> hostAddress(PublishedPort port) {
        if (port.hostIp().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IpAddress.parse(port.hostIp()));
        } catch (IllegalArgumentException bad) {
            throw new EngineException(
                    ErrorCode.INVALID_REQUEST,
                    "cannot publish port " + port.port() + ": host address: " + bad.getMessage(),
                    bad);
        }
    }

    private static Optional<PortRange> hostPorts(PublishedPort port) {
        if (port.hostPort() == 0 && port.hostPortEnd() == 0) {
            return Optional.empty();
        }
        int end = port.hostPortEnd() == 0 ? port.hostPort() : port.hostPortEnd();
        return Optional.of(new PortRange(port.hostPort(), end));
    }
}
