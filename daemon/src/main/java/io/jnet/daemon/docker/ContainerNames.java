package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import io.jnet.engine.network.ShortId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the containers of endpoints are called. Tables are printed without Docker's names when there is no Docker that answers. */
public final class ContainerNames {
    /** As runtimes make them; who attaches by hand chooses shorter ones, of which each character counts. */
    private static final Pattern LONG_ID = Pattern.compile("[0-9a-f]{32,}");

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

    /** Docker's name; for a container of CNI its own, or the beginning of its id; otherwise a dash. */
    public String of(EndpointView endpoint) {
        return Optional.ofNullable(byEndpoint.get(endpoint.id()))
                .or(endpoint::ownName)
                .or(() -> endpoint.container().map(id -> brief(id, CniContainers.idInNamespace(endpoint))))
                .orElse("-");
    }

    private static String brief(String id, String inNamespace) {
        return LONG_ID.matcher(inNamespace).matches() ? ShortId.of(inNamespace) : id;
    }
}
