package io.jnet.daemon.control;

import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortClash;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A published port, or a run of them that keep their distance.
 *
 * @param network the identity of the network
 * @param endpoint the identity of the endpoint
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param hostAddresses the host's addresses whose packets the kernel translates; {@code 0.0.0.0} and {@code ::} stand for every address of
 *     their family
 * @param daemonAddresses the host's addresses that the daemon serves, as long as it runs
 * @param hostPort the host's first port
 * @param containerPort the container's first port
 * @param count how many ports in a row
 * @param past the firewall of the host that packets to it go past ({@code ufw}, {@code firewalld}, ...); absent where there is none
 * @param traffic what came by each of {@code hostAddresses}; only where it was asked for, and the kernel's counters could be read
 * @param clashes those of the host ports that another process took while no daemon ran: a line for each
 */
public record PortView(
        String network,
        String endpoint,
        String protocol,
        List<String> hostAddresses,
        List<String> daemonAddresses,
        int hostPort,
        int containerPort,
        int count,
        Optional<String> past,
        List<TrafficView> traffic,
        List<String> clashes) {

    /** Absent in the answer of an older daemon. */
    public PortView {
        traffic = traffic == null ? List.of() : traffic;
    }

    /** The same with what came by it. */
    PortView with(List<TrafficView> counted) {
        return new PortView(
                network,
                endpoint,
                protocol,
                hostAddresses,
                daemonAddresses,
                hostPort,
                containerPort,
                count,
                past,
                counted,
                clashes);
    }

    static PortView of(Engine engine, Endpoint endpoint, PortBinding binding, List<PortClash> clashes) {
        PortAccess access = PortAccess.of(endpoint.spec(), binding);
        return new PortView(
                endpoint.spec().network().value(),
                endpoint.id().value(),
                binding.protocol().text(),
                text(access.kernel()),
                text(access.daemon()),
                binding.hostPorts().first(),
                binding.containerPort(),
                binding.hostPorts().size(),
                engine.publishedPast(endpoint, binding),
                List.of(),
                clashes.stream()
                        .filter(clash -> isOf(clash, endpoint, binding))
                        .map(PortClash::reason)
                        .toList());
    }

    private static boolean isOf(PortClash clash, Endpoint endpoint, PortBinding binding) {
        return clash.endpoint().equals(endpoint.id())
                && clash.protocol() == binding.protocol()
                && clash.hostAddress().equals(binding.hostAddress())
                && clash.hostPort() >= binding.hostPorts().first()
                && clash.hostPort() <= binding.hostPorts().last();
    }

    private static List<String> text(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).toList();
    }
}
