package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import java.util.Map;

/** What Docker calls the containers of endpoints. Tables are printed without when there is no Docker that answers. */
public final class ContainerNames {
    private final Map<String, String> byEndpoint;

    private ContainerNames(Map<String, String> byEndpoint) {
        this.byEndpoint = byEndpoint;
    }

    /** As the Docker engine has them that the environment names. */
    public static ContainerNames of(Map<String, String> environment) {
        try {
            return new ContainerNames(DockerClient.of(environment).containerNames());
        } catch (ClientException unanswered) {
            return new ContainerNames(Map.of());
        }
    }

    /** The name, or a dash. */
    public String of(String endpoint) {
        return byEndpoint.getOrDefault(endpoint, "-");
    }
}
