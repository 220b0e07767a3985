package io.jnet.plugin;

import java.util.List;

/**
 * One protocol that a plugin speaks.
 *
 * @param name as dockerd calls it: {@code NetworkDriver} or {@code IpamDriver}
 * @param routes its methods
 */
public record Subsystem(String name, List<Route> routes) {
    public Subsystem {
        routes = List.copyOf(routes);
    }
}
