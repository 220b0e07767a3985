package io.jnet.daemon.docker;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Containers that a runtime of CNI, or somebody by hand, has attached; Docker does not know what they are attached to. */
final class CniContainers {
    private final List<EndpointView> endpoints;

    /** @param endpoints all that there are, also Docker's */
    CniContainers(List<EndpointView> endpoints) {
        this.endpoints = endpoints.stream()
                .filter(endpoint -> endpoint.container().isPresent())
                .toList();
    }

    /** The endpoints of the container with this id. */
    List<EndpointView> withId(String id) {
        return where(endpoint -> endpoint.container().equals(Optional.of(id)));
    }

    /**
     * The endpoints of the container with this id or name; none where there is none.
     *
     * @throws ClientException when several containers have the name
     */
    List<EndpointView> called(String text) {
        List<EndpointView> meant = withId(text);
        return meant.isEmpty() ? single(where(endpoint -> endpoint.ownName().equals(Optional.of(text))), text) : meant;
    }

    /**
     * The endpoints of the container whose id begins so; none where there is none.
     *
     * @throws ClientException when the ids of several do
     */
    List<EndpointView> beginning(String text) {
        return single(where(endpoint -> endpoint.container().orElse("").startsWith(text)), text);
    }

    private List<EndpointView> where(Predicate<EndpointView> condition) {
        return endpoints.stream().filter(condition).toList();
    }

    private static List<EndpointView> single(List<EndpointView> found, String text) {
        Set<String> containers = found.stream()
                .flatMap(endpoint -> endpoint.container().stream())
                .collect(Collectors.toSet());
        if (containers.size() > 1) {
            throw ClientException.of(containers.size() + " containers are called " + text + ": name one by its id: "
                    + containers.stream().sorted().collect(Collectors.joining(", ")));
        }
        return found;
    }
}
