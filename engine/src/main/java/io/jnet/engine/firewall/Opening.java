package io.jnet.engine.firewall;

import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;

/**
 * Ports that are reached at a container's own address: by everyone where the network is routed, else by the interfaces that it trusts.
 *
 * @param protocol the transport protocol
 * @param containerAddress the container's address
 * @param ports the container's ports
 */
public record Opening(Protocol protocol, IpAddress containerAddress, PortRange ports) implements PortRule {}
