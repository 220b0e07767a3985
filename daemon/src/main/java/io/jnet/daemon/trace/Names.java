package io.jnet.daemon.trace;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.PortView;
import io.jnet.engine.network.ShortId;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.socket.TransportProtocol;
import java.util.List;
import java.util.Optional;

/** What addresses and ports are called, as far as the daemon knows. */
final class Names {
    private final List<EndpointView> endpoints;

    Names(DaemonSays daemon) {
        this.endpoints = daemon.endpoints();
    }

    /** {@code endpoint 0123456789ab of network web (10.77.0.2)}, or the address. */
    String of(IpAddress address) {
        return endpoint(address)
                .map(endpoint -> title(endpoint) + " (" + address + ")")
                .orElse(address.toString());
    }

    /** The endpoint that has an address. */
    Optional<EndpointView> endpoint(IpAddress address) {
        return endpoints.stream()
                .filter(endpoint -> addresses(endpoint).contains(address))
                .findFirst();
    }

    /** What an endpoint has of a family. */
    static Optional<IpAddress> address(EndpointView endpoint, AddressFamily family) {
        return addresses(endpoint).stream()
                .filter(address -> address.family() == family)
                .findFirst();
    }

    /** {@code published port 8080 of endpoint 0123456789ab of network web}; empty when no port is published that leads there. */
    Optional<String> published(TransportProtocol protocol, int hostPort, IpAddress container) {
        return endpoint(container)
                .filter(endpoint -> endpoint.ports().stream().anyMatch(port -> isOne(port, protocol, hostPort)))
                .map(endpoint -> "published port " + hostPort + " of " + title(endpoint));
    }

    /** The published port that the daemon serves at an address of this host; empty when there is none. */
    Optional<ServedPort> served(TransportProtocol protocol, IpAddress host, int hostPort) {
        for (EndpointView endpoint : endpoints) {
            for (PortView port : endpoint.ports()) {
                if (isOne(port, protocol, hostPort) && isServed(port, host)) {
                    return address(endpoint, AddressFamily.INET6)
                            .or(() -> address(endpoint, AddressFamily.INET))
                            .map(container -> new ServedPort(
                                    "published port " + hostPort + " of " + title(endpoint),
                                    container,
                                    port.containerPort() + hostPort - port.hostPort()));
                }
            }
        }
        return Optional.empty();
    }

    /** With {@code ::1} those of link-local addresses are served too; what another process has taken goes to that one. */
    private static boolean isServed(PortView port, IpAddress host) {
        return port.clashes().isEmpty()
                && port.daemonAddresses().stream()
                        .map(IpAddress::parse)
                        .filter(served -> served.family() == host.family())
                        .anyMatch(served ->
                                served.isAny() || served.equals(host) || (served.isLoopback() && host.isLinkLocal()));
    }

    private static boolean isOne(PortView port, TransportProtocol protocol, int hostPort) {
        return port.protocol().equals(protocol.toString())
                && hostPort >= port.hostPort()
                && hostPort < port.hostPort() + port.count();
    }

    static List<IpAddress> addresses(EndpointView endpoint) {
        return endpoint.addresses().stream()
                .map(text -> IpPrefix.parse(text).address())
                .toList();
    }

    private static String title(EndpointView endpoint) {
        return "endpoint " + ShortId.of(endpoint.id()) + " of network " + endpoint.networkName();
    }
}
