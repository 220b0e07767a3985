package io.jnet.daemon.docker;

import io.jnet.daemon.control.EndpointView;
import java.util.List;
import java.util.Optional;

/** Endpoints as the daemon shows them, of which only the names matter. */
final class EndpointViews {
    private EndpointViews() {}

    /**
     * @param container the id that its runtime gave the container; empty for one of Docker's
     * @param names what it is called on its network
     */
    static EndpointView endpoint(String id, Optional<String> container, String... names) {
        return new EndpointView(
                id,
                "n",
                "n",
                "joined",
                List.of(),
                "",
                "jv" + id,
                Optional.empty(),
                container.isPresent() ? "cni" : "docker",
                container,
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(names));
    }
}
