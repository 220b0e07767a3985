package io.jnet.daemon.control;

import java.util.List;

/**
 * A network with its endpoints.
 *
 * @param network the network
 * @param endpoints its endpoints, by id
 */
public record NetworkDetailView(NetworkView network, List<EndpointView> endpoints) {}
