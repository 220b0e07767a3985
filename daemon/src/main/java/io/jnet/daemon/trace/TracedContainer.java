package io.jnet.daemon.trace;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.control.EndpointView;
import io.jnet.engine.network.ShortId;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A container at one end of a trace: it has an endpoint on each of its networks.
 *
 * @param endpoints one at least
 */
public record TracedContainer(List<EndpointView> endpoints) {
    public TracedContainer {
        endpoints = List.copyOf(endpoints);
    }

    /** The container that somebody has named by some of its endpoints: with the others of its network namespace. */
    public static TracedContainer of(List<EndpointView> named, Collection<EndpointView> all) {
        Set<String> sandboxes =
                named.stream().flatMap(endpoint -> endpoint.sandbox().stream()).collect(Collectors.toSet());
        Map<String, EndpointView> endpoints = new LinkedHashMap<>();
        Stream.concat(named.stream(), all.stream().filter(endpoint -> endpoint.sandbox()
                        .map(sandboxes::contains)
                        .orElse(false)))
                .forEach(endpoint -> endpoints.putIfAbsent(endpoint.id(), endpoint));
        return new TracedContainer(List.copyOf(endpoints.values()));
    }

    /** One by which its network namespace is known. */
    public Optional<EndpointView> joined() {
        return endpoints.stream()
                .filter(endpoint -> endpoint.sandbox().isPresent())
                .findFirst();
    }

    /** What it has of a family on all its networks. */
    public Set<IpAddress> addresses(AddressFamily family) {
        return endpoints.stream()
                .flatMap(endpoint -> Names.addresses(endpoint).stream())
                .filter(address -> address.family() == family)
                .collect(Collectors.toSet());
    }

    /**
     * The address by which somebody reaches it: on a network that both are on where there is one, and of IPv4 where both have that.
     *
     * @param sender a container; empty for others, who may have both families, as one may whose addresses nobody knows
     * @param family what it has to be of; empty: either
     * @throws ClientException when it has none of a family that the sender has
     */
    public IpAddress addressFor(Optional<TracedContainer> sender, Optional<AddressFamily> family) {
        List<AddressFamily> families = List.of(AddressFamily.INET, AddressFamily.INET6).stream()
                .filter(one -> family.map(one::equals).orElse(true))
                .filter(one -> sender.filter(TracedContainer::hasAddresses)
                        .map(from -> !from.addresses(one).isEmpty())
                        .orElse(true))
                .toList();
        requireAddresses();
        return endpoints.stream()
                .sorted(Comparator.comparing(endpoint ->
                        !sender.map(from -> from.isOn(endpoint.network())).orElse(false)))
                .flatMap(endpoint -> families.stream().flatMap(one -> Names.address(endpoint, one).stream()))
                .findFirst()
                .orElseThrow(() -> ClientException.of("endpoint "
                        + ShortId.of(endpoints.get(0).id()) + " has no address of the other side's family"));
    }

    /**
     * @throws ClientException when jnet does not know its addresses: somebody else gives them to it
     */
    public void requireAddresses() {
        if (!hasAddresses()) {
            throw ClientException.of("jnet knows no address of endpoint "
                    + ShortId.of(endpoints.get(0).id()) + ": give the container's address in its place");
        }
    }

    private boolean hasAddresses() {
        return endpoints.stream().anyMatch(endpoint -> !endpoint.addresses().isEmpty());
    }

    private boolean isOn(String network) {
        return endpoints.stream().anyMatch(endpoint -> endpoint.network().equals(network));
    }
}
