package io.jnet.engine.firewall;

import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.List;

/**
 * A published port, or a run of published ports that keep their numbers.
 *
 * @param protocol the transport protocol
 * @param hostAddress the host's address; {@code 0.0.0.0} or {@code ::} for every address of the family
 * @param hostPorts the host's ports
 * @param containerAddress the container's address, of the same family
 * @param containerPort the container's port; the first of {@code hostPorts} when there are several
 */
public record Publication(
        Protocol protocol, IpAddress hostAddress, PortRange hostPorts, IpAddress containerAddress, int containerPort)
        implements PortRule {
    /**
     * @throws IllegalArgumentException when the families differ, a port is out of range or a run would change its numbers
     */
    public Publication {
        if (hostAddress.family() != containerAddress.family()) {
            throw new IllegalArgumentException(
                    "host address " + hostAddress + " and container address " + containerAddress + " differ in family");
        }
        if (containerPort < 1 || containerPort > PortRange.MAX_PORT) {
            throw new IllegalArgumentException("invalid container port " + containerPort);
        }
        if (hostPorts.size() > 1 && containerPort != hostPorts.first()) {
            throw new IllegalArgumentException("ports " + hostPorts + " cannot lead to others from " + containerPort
                    + ": a run keeps its numbers");
        }
    }

    /** Those of the ports that are let in through a port of the host. */
    public static List<Publication> among(List<? extends PortRule> ports) {
        return ports.stream()
                .filter(Publication.class::isInstance)
                .map(Publication.class::cast)
                .toList();
    }

    /** Whether this is for every address of the host. */
    public boolean isForAnyAddress() {
        return hostAddress.isAny();
    }

    /** {@code 0.0.0.0:8080/tcp -> 10.77.0.2:80}, IPv6 addresses in brackets. */
    @Override
    public String toString() {
        return bracketed(hostAddress) + ":" + hostPorts + "/" + protocol.text() + " -> " + bracketed(containerAddress)
                + ":" + containerPort;
    }

    private static String bracketed(IpAddress address) {
        String text = address.toString();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }
}
