package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.control.NetworkView;
import io.jnet.engine.network.ShortId;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Docker calls its networks, which it tells no driver. Without a Docker that answers they have the names that jnet knows. */
public final class NetworkNames {
    private final Map<String, String> byId;

    private NetworkNames(Map<String, String> byId) {
        this.byId = byId;
    }

    /** As the Docker engine has them that the environment names. */
    public static NetworkNames of(Map<String, String> environment) {
        try {
            return new NetworkNames(DockerClient.of(environment).networkNames());
        } catch (ClientException unanswered) {
            return new NetworkNames(Map.of());
        }
    }

    /** The name that jnet knows, else Docker's, else the beginning of the id. */
    public String of(NetworkView network) {
        return network.name().equals(ShortId.of(network.id()))
                ? byId.getOrDefault(network.id(), network.name())
                : network.name();
    }

    /** The same of an endpoint's network. */
    public String ofNetwork(EndpointView endpoint) {
        return endpoint.networkName().equals(ShortId.of(endpoint.network()))
                ? byId.getOrDefault(endpoint.network(), endpoint.networkName())
                : endpoint.networkName();
    }

    /** Adds {@code dockerName} to a network as the daemon sent it, where Docker has one. */
    public void addTo(JsonNode network) {
        String name = byId.get(network.path("id").asString(""));
        if (name != null && network instanceof ObjectNode fields) {
            fields.put("dockerName", name);
        }
    }

    /** The id of the network that Docker calls so. */
    public Optional<String> id(String name) {
        return byId.entrySet().stream()
                .filter(network -> network.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
