package io.jnet.engine.endpoint;

import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * By which of the host's addresses a published port is reached, and who does it.
 *
 * @param kernel addresses whose packets the kernel translates, whether or not a daemon runs
 * @param daemon addresses that the daemon serves itself: {@code ::1}, which the kernel cannot translate, and addresses of a family that the
 *     container has none of; empty where nothing is left to serve
 * @param targets the container's addresses that the daemon tries, the best first
 */
public record PortAccess(List<IpAddress> kernel, List<IpAddress> daemon, List<IpAddress> targets) {
    private static final IpAddress LOOPBACK_6 = IpAddress.parse("::1");

    public PortAccess {
        kernel = List.copyOf(kernel);
        daemon = List.copyOf(daemon);
        targets = List.copyOf(targets);
    }

    /** By which addresses a binding of an endpoint is reached. */
    public static PortAccess of(EndpointSpec endpoint, PortBinding binding) {
        return of(endpoint, binding.protocol(), binding.hostAddress());
    }

    /**
     * @param hostAddress the host's address; empty: every address of both families
     */
    public static PortAccess of(EndpointSpec endpoint, Protocol protocol, Optional<IpAddress> hostAddress) {
        List<IpAddress> wanted = hostAddress
                .map(List::of)
                .orElseGet(() -> List.of(IpAddress.any(AddressFamily.INET), IpAddress.any(AddressFamily.INET6)));
        List<IpAddress> kernel = new ArrayList<>();
        List<IpAddress> daemon = new ArrayList<>();
        for (IpAddress host : wanted) {
            if (endpoint.address(host.family()).isPresent() && !isOfDaemonOnly(host)) {
                kernel.add(host);
                if (host.isAny() && host.family() == AddressFamily.INET6) {
                    daemon.add(LOOPBACK_6);
                }
            } else if (isServable(host, hostAddress)) {
                daemon.add(host);
            }
        }
        // Nothing passes SCTP on: its associations have several addresses, and most hosts no sockets for it.
        if (protocol == Protocol.SCTP || endpoint.portHolder() == PortHolder.RUNTIME) {
            daemon.clear();
        }
        List<IpAddress> targets = daemon.isEmpty() ? List.of() : targets(endpoint);
        return new PortAccess(kernel, daemon, targets);
    }

    /** Whether an address of the host is one that the kernel cannot translate, whatever addresses the container has. */
    public static boolean isOfDaemonOnly(IpAddress host) {
        return host.equals(LOOPBACK_6);
    }

    /**
     * Whether the daemon is there for a client: with {@code ::1} it is for those of link-local addresses too, which the kernel forwards as
     * little. One that the kernel should have translated reaches the daemon's socket too, when its flow is
     * older than the rules: it is not to be served by another way than usual, unnoticed.
     */
    public boolean isServedByDaemon(IpAddress client) {
        return daemon.stream()
                .anyMatch(host -> host.family() == client.family()
                        && (!host.equals(LOOPBACK_6) || client.equals(host) || client.isLinkLocal()));
    }

    /** IPv6 for a container without it. The other way round only beside IPv6, by the one socket that has both. */
    private static boolean isServable(IpAddress host, Optional<IpAddress> hostAddress) {
        return host.family() == AddressFamily.INET6 || hostAddress.isEmpty();
    }

    private static List<IpAddress> targets(EndpointSpec endpoint) {
        return Stream.of(AddressFamily.INET6, AddressFamily.INET)
                .flatMap(family -> endpoint.address(family).stream())
                .map(IpPrefix::address)
                .toList();
    }
}
