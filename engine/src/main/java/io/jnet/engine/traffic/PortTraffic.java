package io.jnet.engine.traffic;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.network.NetworkId;

/**
 * What came by a published port, at one of the host's addresses; or by a run of ports together.
 *
 * @param network the network
 * @param endpoint whose port it is
 * @param publication the port
 * @param connections how many were led to the container since it was published: of TCP connections, of UDP and SCTP flows
 */
public record PortTraffic(NetworkId network, EndpointId endpoint, Publication publication, long connections) {}
