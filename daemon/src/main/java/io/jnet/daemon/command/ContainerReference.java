package io.jnet.daemon.command;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.client.DockerClient;
import io.jnet.daemon.control.EndpointView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A container as people name it: an endpoint's id or its first characters, or a container's name or id, which Docker is asked for. */
final class ContainerReference {
    private final String text;
    private final Map<String, String> environment;

    ContainerReference(String text, Map<String, String> environment) {
        this.text = text;
        this.environment = environment;
    }

    /**
     * Its endpoints, one at least.
     *
     * @throws ClientException when there is no such container, or none of its networks is jnet's
     */
    List<EndpointView> endpoints(ControlClient daemon) {
        try {
            return List.of(daemon.get(EndpointView.class, "endpoints", text));
        } catch (ClientException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
            return endpointsOfContainer(daemon);
        }
    }

    private List<EndpointView> endpointsOfContainer(ControlClient daemon) {
        List<EndpointView> endpoints = new ArrayList<>();
        for (String id : ids()) {
            try {
                endpoints.add(daemon.get(EndpointView.class, "endpoints", id));
            } catch (ClientException refused) {
                // A container may be on networks of other drivers too.
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        if (endpoints.isEmpty()) {
            throw ClientException.notFound("container " + text + " is not running on a jnet network");
        }
        return endpoints;
    }

    private List<String> ids() {
        try {
            return DockerClient.of(environment).endpoints(text);
        } catch (ClientException refused) {
            if (refused.isNotFound()) {
                throw ClientException.notFound("no endpoint and no container " + text);
            }
            throw refused;
        }
    }
}
