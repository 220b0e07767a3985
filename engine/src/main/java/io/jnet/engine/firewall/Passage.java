package io.jnet.engine.firewall;

import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.link.InterfaceName;

/**
 * What a zone firewall's own policies let through from one interface of the host to another.
 *
 * @param in the interface by which packets come
 * @param bridge the bridge that they leave by
 * @param protocol their protocol
 * @param ports the container's ports
 */
public record Passage(InterfaceName in, InterfaceName bridge, Protocol protocol, PortRange ports) {}
