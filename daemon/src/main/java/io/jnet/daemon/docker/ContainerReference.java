package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.EndpointView;
import io.jnet.daemon.docker.DockerClient.ConnectedContainer;
import io.jnet.engine.network.ShortId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as people name it: by an endpoint's id, by the container's name or id, which Docker is asked for first, by the first characters of the
 * id of a container that CNI has attached, or of an endpoint's. In this order: what is somebody's name may be how another one's endpoint begins.
 */
public final class ContainerReference {
    private final String text;
    private final Map<String, String> environment;

    public ContainerReference(String text, Map<String, String> environment) {
        this.text = text;
        this.environment = environment;
    }

    /**
     * Its endpoints, one at least.
     *
     * @throws ClientException when there is no such container, or none of its networks is jnet's
     */
    public List<EndpointView> endpoints(ControlClient daemon) {
        return find(daemon).endpoints();
    }

    /**
     * The same for a change, for which a few characters of an endpoint's id are not enough: a container that was meant may have stopped.
     *
     * @throws ClientException also when only a beginning of less than twelve characters was given
     */
    public List<EndpointView> endpointsToChange(ControlClient daemon) {
        Found found = find(daemon);
        if (found.byBeginning() && text.length() < ShortId.LENGTH) {
            throw ClientException.notFound(
                    "no container " + text + "; to change an endpoint give twelve characters of its id: "
                            + ShortId.of(found.endpoints().get(0).id()));
        }
        return found.endpoints();
    }

    private record Found(List<EndpointView> endpoints, boolean byBeginning) {}

    private Found find(ControlClient daemon) {
        Optional<EndpointView> known = Optional.empty();
        Optional<ClientException> refused = Optional.empty();
        try {
            known = Optional.of(daemon.get(EndpointView.class, "endpoints", text));
        } catch (ClientException unknown) {
            refused = Optional.of(unknown);
        }
        if (known.filter(endpoint -> endpoint.id().equals(text)).isPresent()) {
            return new Found(List.of(known.get()), false);
        }
        // More than one endpoint that begins so is no reason to look no further; a daemon that does not answer is.
        CniContainers others = new CniContainers(List.of(daemon.get(EndpointView[].class, "endpoints")));
        ConnectedContainer ofDocker;
        try {
            ofDocker = DockerClient.of(environment).connected(text);
        } catch (ClientException unknown) {
            return unknownToDocker(others, known, refused, unknown);
        }
        return new Found(endpoints(daemon, ofDocker, others), false);
    }

    private Found unknownToDocker(
            CniContainers others,
            Optional<EndpointView> known,
            Optional<ClientException> refused,
            ClientException unknown) {
        List<EndpointView> called = others.called(text);
        if (!called.isEmpty()) {
            return new Found(called, false);
        }
        List<EndpointView> beginning = others.beginning(text);
        if (!beginning.isEmpty()) {
            return new Found(beginning, true);
        }
        if (known.isPresent()) {
            return new Found(List.of(known.get()), true);
        }
        throw refused.filter(refusal -> !refusal.isNotFound())
                .orElseGet(() -> unknown.isNotFound()
                        ? ClientException.notFound("no endpoint and no container " + text)
                        : unknown);
    }

    private List<EndpointView> endpoints(ControlClient daemon, ConnectedContainer container, CniContainers others) {
        List<EndpointView> endpoints = new ArrayList<>();
        for (String id : container.endpoints()) {
            try {
                endpoints.add(daemon.get(EndpointView.class, "endpoints", id));
            } catch (ClientException refused) {
                // A container may be on networks of other drivers too.
                if (!refused.isNotFound()) {
                    throw refused;
                }
            }
        }
        endpoints.addAll(others.withId(container.id()));
        if (endpoints.isEmpty()) {
            throw ClientException.notFound("container " + text + " is not running on a jnet network");
        }
        return endpoints;
    }
}
