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

    /** Those of other containers than this one. */
    CniContainers without(String id) {
        return new CniContainers(where(endpoint -> !endpoint.container().equals(Optional.of(id))));
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
        List<EndpointView> exact = withId(text);
        if (!exact.isEmpty()) {
            return exact;
        }
        List<EndpointView> inNamespace =
                whole(where(endpoint -> idInNamespace(endpoint).equals(text)), "are called " + text);
        return inNamespace.isEmpty()
                ? whole(where(endpoint -> isName(endpoint, text)), "are called " + text)
                : inNamespace;
    }

    /**
     * The endpoints of the container whose id begins so; none where there is none.
     *
     * @throws ClientException when the ids of several do
     */
    List<EndpointView> beginning(String text) {
        return whole(
                where(endpoint -> endpoint.container().orElse("").startsWith(text)
                        || idInNamespace(endpoint).startsWith(text)),
                "have ids that begin with " + text);
    }

    /** Without containerd's namespace, which {@code ctr} and nerdctl put before the id that they show, with a dash between. */
    static String idInNamespace(EndpointView endpoint) {
        String id = endpoint.container().orElse("");
        return id.substring(id.indexOf('-') + 1);
    }

    /** Names of DNS have no case. */
    private static boolean isName(EndpointView endpoint, String text) {
        return endpoint.ownName().filter(text::equalsIgnoreCase).isPresent();
    }

    private List<EndpointView> where(Predicate<EndpointView> condition) {
        return endpoints.stream().filter(condition).toList();
    }

    /** All endpoints of the one container that some are of: it may have its name on one of its networks only. */
    private List<EndpointView> whole(List<EndpointView> found, String what) {
        Set<String> containers = found.stream()
                .flatMap(endpoint -> endpoint.container().stream())
                .collect(Collectors.toSet());
        if (containers.size() > 1) {
            throw ClientException.of(containers.size() + " containers " + what + ": name one by its id: "
                    + containers.stream().sorted().collect(Collectors.joining(", ")));
        }
        return containers.stream().findFirst().map(this::withId).orElse(List.of());
    }
}
