package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.DockerClient;
import io.jnet.daemon.control.NetworkView;
import java.util.Map;
import java.util.Optional;

/** What Docker calls its networks, which it tells no driver. Without a Docker that answers they have the names that jnet knows. */
final class NetworkNames {
    private final Map<String, String> byId;

    private NetworkNames(Map<String, String> byId) {
        this.byId = byId;
    }

    /** As the Docker engine has them that the environment names. */
    static NetworkNames of(Map<String, String> environment) {
        try {
            return new NetworkNames(DockerClient.of(environment).networkNames());
        } catch (ClientException unanswered) {
            return new NetworkNames(Map.of());
        }
    }

    /** The name that jnet knows, else Docker's, else the beginning of the id. */
    String of(NetworkView network) {
        return network.name().equals(Table.shortId(network.id()))
                ? byId.getOrDefault(network.id(), network.name())
                : network.name();
    }

    /**
     * What the daemon says of a network.
     *
     * @param reference as jnet knows it, or Docker's name
     * @throws ClientException when neither knows it
     */
    static byte[] inspect(ControlClient daemon, String reference, Map<String, String> environment) {
        try {
            return daemon.get("networks", reference);
        } catch (ClientException unknown) {
            Optional<String> id = unknown.isNotFound() ? of(environment).id(reference) : Optional.empty();
            try {
                return daemon.get("networks", id.orElseThrow(() -> unknown));
            } catch (ClientException ofAnotherDriver) {
                throw ofAnotherDriver.isNotFound() ? unknown : ofAnotherDriver;
            }
        }
    }

    private Optional<String> id(String name) {
        return byId.entrySet().stream()
                .filter(network -> network.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
