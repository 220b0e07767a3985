package io.jnet.daemon.control;

import io.jnet.engine.Engine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.port.PortBinding;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A published port, or a run of them that keep their distance; or ports that are reached at the container's own address by a route, which are no
 * ports of the host.
 *
 * @param by {@code host}, or {@code route}
 * @param network the identity of the network
 * @param endpoint the identity of the endpoint
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param hostAddresses the host's addresses whose packets the kernel translates; {@code 0.0.0.0} and {@code ::} stand for every address of
 *     their family
 * @param daemonAddresses the host's addresses that the daemon serves, as long as it runs
 * @param hostPort the host's first port; 0 by a route
 * @param containerPort the container's first port
 * @param count how many ports in a row
 * @param past the firewall of the host that packets to it go past ({@code ufw}, {@code firewalld}, ...); absent where there is none
 * @param traffic what came by each of {@code hostAddresses}; only where it was asked for, and the kernel's counters could be read
 * @param clashes those of the host ports that another process took while no daemon ran: a line for each
 * @param address the container's, by a route; absent by the host
 */
public record PortView(
        String by,
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
        List<String> clashes,
        Optional<String> address) {
    private static final String BY_HOST = "host";
    private static final String BY_ROUTE = "route";

    @SuppressWarnings("OptionalAssignedToNull") // absent in the answer of an older daemon
    public PortView {
        by = by == null ? BY_HOST : by;
        traffic = traffic == null ? List.of() : traffic;
        address = address == null ? Optional.empty() : address;
    }

    /** The same with what came by it. */
    PortView with(List<TrafficView> counted) {
        return new PortView(
                by,
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
                clashes,
                address);
    }

    /** One of them alone, without what is known of all together. */
    public PortView single(int number) {
        return new PortView(
                by,
                network,
                endpoint,
                protocol,
                hostAddresses,
                daemonAddresses,
                hostPort + number,
                containerPort + number,
                1,
                past,
                List.of(),
                List.of(),
                address);
    }

    /** Ports of an endpoint that are reached by a route, in a list of published ones. */
    static PortView byRoute(EndpointView endpoint, OpenPortView open) {
        return new PortView(
                BY_ROUTE,
                endpoint.network(),
                endpoint.id(),
                open.protocol(),
                List.of(),
                List.of(),
                0,
                open.port(),
                open.count(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(open.address()));
    }

    static PortView of(Engine engine, Endpoint endpoint, PortBinding binding, List<PortClash> clashes) {
        PortAccess access = PortAccess.of(endpoint.spec(), binding);
        return new PortView(
                BY_HOST,
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
                        .toList(),
                Optional.empty());
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
