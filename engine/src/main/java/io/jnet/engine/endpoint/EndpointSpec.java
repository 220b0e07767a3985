package io.jnet.engine.endpoint;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * What a front end asks an endpoint to be.
 *
 * @param network the network that it is on
 * @param id the identity, given by the front end
 * @param addresses the container's addresses, each with its subnet's length; of several of one family the first is the one that ports lead to;
 *     of an endpoint whose addresses are still to be drawn the subnets
 * @param mac the container's MAC address; empty: derived from network and addresses
 * @param container what the front end calls the container, where it knows: for people
 * @param portHolder who keeps the host's ports
 * @param bandwidth what the container's traffic is shaped to
 * @param publish who outside of the host is let in, as far as the container says
 * @param names what it is called on its network, without dots: its own name first, then others; others may have the same ones
 */
public record EndpointSpec(
        NetworkId network,
        EndpointId id,
        List<IpPrefix> addresses,
        Optional<MacAddress> mac,
        Optional<String> container,
        PortHolder portHolder,
        Bandwidth bandwidth,
        PublishPolicy publish,
        List<DomainName> names) {

    /** An endpoint that lets everybody in, whose traffic is not shaped. */
    public EndpointSpec(
            NetworkId network,
            EndpointId id,
            List<IpPrefix> addresses,
            Optional<MacAddress> mac,
            Optional<String> container,
            PortHolder portHolder) {
        this(network, id, addresses, mac, container, portHolder, Bandwidth.UNLIMITED, PublishPolicy.OPEN, List.of());
    }

    /** An endpoint of a container that the front end does not name. */
    public EndpointSpec(NetworkId network, EndpointId id, List<IpPrefix> addresses, Optional<MacAddress> mac) {
        this(network, id, addresses, mac, Optional.empty(), PortHolder.ENGINE);
    }

    /**
     * @throws EngineException with {@code INVALID_REQUEST} when the MAC cannot be a link's own, or a name has dots
     */
    @SuppressWarnings("OptionalAssignedToNull") // absent in records of earlier versions
    public EndpointSpec {
        container = container == null ? Optional.empty() : container;
        portHolder = portHolder == null ? PortHolder.ENGINE : portHolder;
        bandwidth = bandwidth == null ? Bandwidth.UNLIMITED : bandwidth;
        publish = publish == null ? PublishPolicy.OPEN : publish;
        names = names == null ? List.of() : names.stream().distinct().toList();
        for (DomainName name : names) {
            if (!name.isLabel()) {
                throw EngineException.invalid("invalid name " + name + " of a container: want one without dots");
            }
        }
        addresses = List.copyOf(addresses);
        if (mac.isPresent() && (mac.get().isMulticast() || mac.get().isZero())) {
            throw EngineException.invalid("invalid MAC address " + mac.get() + ": no interface can own it");
        }
    }

    /** The same endpoint with these addresses. */
    public EndpointSpec at(List<IpPrefix> others) {
        return new EndpointSpec(network, id, others, mac, container, portHolder, bandwidth, publish, names);
    }

    /** The same endpoint, with its traffic shaped. */
    public EndpointSpec shapedTo(Bandwidth limits) {
        return new EndpointSpec(network, id, addresses, mac, container, portHolder, limits, publish, names);
    }

    /** The same endpoint, which lets in whom this policy lets in. */
    public EndpointSpec publishing(PublishPolicy policy) {
        return new EndpointSpec(network, id, addresses, mac, container, portHolder, bandwidth, policy, names);
    }

    /** The same endpoint, called so. */
    public EndpointSpec called(List<DomainName> others) {
        return new EndpointSpec(network, id, addresses, mac, container, portHolder, bandwidth, publish, others);
    }

    /** The endpoint's first address of a family. */
    public Optional<IpPrefix> address(AddressFamily family) {
        return addresses.stream().filter(address -> address.family() == family).findFirst();
    }
}
