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
        Known known = known(daemon);
        if (known.endpoint().filter(endpoint -> endpoint.id().equals(text)).isPresent()) {
            return new Found(List.of(known.endpoint().get()), false);
        }
        // More than one endpoint that begins so is no reason to look no further; a daemon that does not answer is.
        CniContainers others = new CniContainers(List.of(daemon.get(EndpointView[].class, "endpoints")));
        // What is as long is nobody's name: Docker need not be waited for.
        List<EndpointView> exact = others.withId(text);
        if (!exact.isEmpty() && text.length() > ShortId.LENGTH) {
            return new Found(exact, false);
        }
        ConnectedContainer ofDocker;
        DockerClient docker = DockerClient.of(environment);
        try {
            ofDocker = docker.connected(text);
        } catch (ClientException unknown) {
            // Who stands still may know a container of the name.
            if (!unknown.isNotFound() && docker.isThere()) {
                throw unknown;
            }
            return unknownToDocker(others, known.endpoint()).orElseThrow(() -> known.refusal()
                    .filter(refusal -> !refusal.isNotFound())
                    .orElseGet(() -> unknown.isNotFound()
                            ? ClientException.notFound("no endpoint and no container " + text)
                            : unknown));
        }
        return knownToDocker(daemon, ofDocker, others, known.endpoint());
    }

    /**
     * What the daemon says of the text as an endpoint's id.
     *
     * @param refusal why it names none
     */
    private record Known(Optional<EndpointView> endpoint, Optional<ClientException> refusal) {}

    private Known known(ControlClient daemon) {
        try {
            return new Known(Optional.of(daemon.get(EndpointView.class, "endpoints", text)), Optional.empty());
        } catch (ClientException unknown) {
            return new Known(Optional.empty(), Optional.of(unknown));
        }
    }

    private Found knownToDocker(
            ControlClient daemon, ConnectedContainer container, CniContainers all, Optional<EndpointView> known) {
        List<EndpointView> endpoints = new ArrayList<>(endpoints(daemon, container));
        endpoints.addAll(all.withId(container.id()));
        CniContainers others = all.without(container.id());
        if (endpoints.isEmpty()) {
            return unknownToDocker(others, known)
                    .orElseThrow(
                            () -> ClientException.notFound("container " + text + " is not running on a jnet network"));
        }
        boolean byBeginning = !text.equals(container.id()) && !text.equals(container.name());
        List<EndpointView> called = others.called(text);
        if (called.isEmpty()) {
            return new Found(endpoints, byBeginning);
        }
        if (byBeginning) {
            return new Found(called, false);
        }
        throw ClientException.of("two containers are called " + text + ": name one by its id: " + container.id()
                + ", which is Docker's, or " + called.get(0).container().orElseThrow());
    }

    private Optional<Found> unknownToDocker(CniContainers others, Optional<EndpointView> known) {
        List<EndpointView> called = others.called(text);
        if (!called.isEmpty()) {
            return Optional.of(new Found(called, false));
        }
        Optional<Found> endpoint = known.map(one -> new Found(List.of(one), true));
        try {
            List<EndpointView> beginning = others.beginning(text);
            return beginning.isEmpty() ? endpoint : Optional.of(new Found(beginning, true));
        } catch (ClientException several) {
            return Optional.of(endpoint.orElseThrow(() -> several));
        }
    }

    private static List<EndpointView> endpoints(ControlClient daemon, ConnectedContainer container) {
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
        return endpoints;
    }
}
