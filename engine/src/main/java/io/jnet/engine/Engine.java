package io.jnet.engine;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.firewall.Publication;
import io.jnet.engine.link.ContainerSide;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.engine.rebuild.Unrecorded;
import io.jnet.engine.store.AddressDraw;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The engine: every front end's operations on networks, endpoints and ports. Thread-safe. Each operation is idempotent: repeated with
 * equal arguments it succeeds again and changes nothing; deletions of what is unknown succeed.
 *
 * <p>All operations throw {@link EngineException}, and leave nothing behind when they do.
 */
public interface Engine extends AutoCloseable {

    /** Makes a network: {@code CONFLICT} when the id, name, bridge or a subnet belongs to another one. */
    Network createNetwork(NetworkSpec spec);

    /** Removes a network with its bridge, and what endpoints are left on it. */
    void deleteNetwork(NetworkId id);

    /** Records an endpoint: {@code CONFLICT} when an address is another endpoint's. The answer holds its MAC address. */
    Endpoint createEndpoint(EndpointSpec spec);

    /** Makes the endpoint's veth pair, its host end on the bridge and up, the other one for the runtime to move. */
    Attachment join(NetworkId network, EndpointId id, String sandbox);

    /**
     * All at once, for runtimes that leave the container's side to the engine: records an endpoint, makes its veth pair with the other end
     * in the container's namespace and configured there, and publishes its ports. Not idempotent: {@code CONFLICT} when there is an endpoint
     * of the id, or the container has an interface of the name; otherwise errors as for {@link #createEndpoint} and {@link #publish}.
     *
     * @param spec with the subnet in place of each address that it is to have of one
     * @param draw gives it those
     * @param side the container's side of an endpoint with these addresses
     */
    Endpoint attach(
            EndpointSpec spec,
            AddressDraw draw,
            String sandbox,
            Function<? super List<IpPrefix>, ContainerSide> side,
            List<PortRequest> ports);

    /**
     * The same on a network of {@link io.jnet.engine.network.NetworkFlag#FOREIGN_LINKS}: its container is connected, and stays so when the
     * endpoint is deleted. Not idempotent: {@code CONFLICT} when there is one of the id.
     *
     * @param link the host's end of the container's veth pair; the endpoint goes when it goes
     */
    Endpoint adopt(EndpointSpec spec, InterfaceName link, String sandbox, List<PortRequest> ports);

    /** Ends what {@link #join} or {@link #attach} began, published ports included; the veth pair stays until the endpoint is deleted. */
    void leave(NetworkId network, EndpointId id);

    /** A runtime has started: whatever it was doing before, for which it had asked by {@link #join}, nobody goes on with. */
    default void runtimeStarted() {}

    /** Removes an endpoint with all that it holds. */
    void deleteEndpoint(NetworkId network, EndpointId id);

    /** The same for one that no container uses: {@code CONFLICT} when it is joined. */
    void deleteUnusedEndpoint(NetworkId network, EndpointId id);

    /**
     * Publishes ports of a joined endpoint, all of them or none; ports that it published before and that are not asked for again are
     * withdrawn. {@code CONFLICT} names port, protocol, address and holder when one is taken.
     */
    List<PortBinding> publish(NetworkId network, EndpointId id, List<PortRequest> requests);

    /**
     * Publishes ports of a joined endpoint beside those that it publishes, all of them or none; until it leaves, or its runtime publishes
     * others. Errors as for {@link #publish}; {@code CONFLICT} too when the network is internal.
     *
     * @return all that it publishes
     */
    List<PortBinding> publishMore(NetworkId network, EndpointId id, List<PortRequest> requests);

    /**
     * Withdraws some ports of a joined endpoint, all of them or none; {@code NOT_FOUND} names one that is not published.
     *
     * @return what it still publishes
     */
    List<PortBinding> unpublish(NetworkId network, EndpointId id, List<PortSelection> ports);

    /** Withdraws all ports of an endpoint. */
    void unpublish(NetworkId network, EndpointId id);

    /** All networks, by display name. */
    List<Network> networks();

    /** The network of a name, an id, or a unique prefix of an id; {@code NOT_FOUND}, or {@code CONFLICT} for an ambiguous prefix. */
    Network network(String reference);

    /** All endpoints, by network and id. */
    List<Endpoint> endpoints();

    /** The endpoint of an id or a unique prefix of it; errors as for {@link #network(String)}. */
    Endpoint endpoint(String reference);

    /** The endpoint of an id; empty when there is none. */
    Optional<Endpoint> findEndpoint(EndpointId id);

    /**
     * What is no more as it was when an endpoint joined, of its VLANs and of what its traffic is shaped to, in words; empty when all is.
     * {@code NOT_FOUND} when there is no such endpoint.
     */
    Optional<String> difference(NetworkId network, EndpointId id);

    /**
     * What keeps a network from connecting its containers, and what to do, in words: its bridge is gone or down, or the rules are and could
     * not be put back; empty when nothing does, as far as that is seen without looking at each endpoint. {@code NOT_FOUND} when there is no
     * such network.
     */
    Optional<String> networkDifference(NetworkId network);

    /**
     * Why the engine changes nothing at present, each change being a {@code CONFLICT} with these words: the kernel has things of jnet that
     * the state knows nothing of. Empty when it works.
     */
    Optional<String> standstill();

    /**
     * Removes what the kernel has of one state of jnet and this one knows nothing of, and begins to work when that was all. Containers that
     * are connected by what is removed are cut off.
     *
     * @param instance the identity of that state, as the status names it; {@code NOT_FOUND} when there is nothing of it
     * @return what was removed
     */
    List<Unrecorded> clean(String instance);

    /**
     * Makes the records of a lost state again from what the kernel has of it, all or none, and begins to work when nothing else is unrecorded. The
     * containers notice nothing. Does nothing to what a record is there for already; records that the kernel has nothing for go.
     *
     * @param instance the identity of that state, as the status names it; empty: the one that there is
     * @throws EngineException with {@code NOT_FOUND} when there is nothing to adopt; with {@code CONFLICT} when there is more than one
     *     instance to choose from, when this state has networks of its own and is another one, and when something cannot be proven
     */
    Rebuilt adoptLostState(Optional<String> instance, Completeness completeness);

    /**
     * The firewall of the host that a published port of an endpoint goes past, since it is forwarded and that firewall looks at what is for
     * the host itself: {@code ufw}, {@code firewalld}, {@code iptables INPUT} or a table and chain of nftables. Empty where there is none, or
     * it is asked.
     */
    Optional<String> publishedPast(Endpoint endpoint, PortBinding binding);

    /** Who outside of the host is let in to a network: what the network says, as far as the host's owner allows. */
    PublishPolicy publishPolicy(Network network);

    /** The addresses at which a network's containers may ask for names, IPv4 first; none where nobody answers. */
    List<IpAddress> nameServers(Network network);

    /** The published ports that another process took while no daemon held them. */
    List<PortClash> clashes();

    /** What the engine says of itself. */
    Status status();

    /**
     * What keeps the engine from working as it should, in words, each with what to do: it stands still, its state cannot be written, its
     * rules are gone and do not come back. Empty when all is well.
     */
    List<String> troubles();

    /** How often this process has mended what others undid, by kind; each kind is there, see {@link Status#mended}. Waits for no operation. */
    Map<String, Integer> mended();

    /**
     * What went between the host and each network since its bridge was made; networks without a bridge are left out. Waits for no operation,
     * and keeps none waiting.
     */
    Map<NetworkId, LinkStatistics> networkTraffic();

    /** What came by the published ports that the kernel translates, in the order of endpoints; as {@link #networkTraffic}. */
    List<PortTraffic> portTraffic();

    /**
     * The bytes, in both directions, of the connections that are open now, by their published port; ports without are left out. Looks at all
     * connections of the host. Empty where the kernel does not count them ({@code net.netfilter.nf_conntrack_acct}).
     */
    Optional<Map<Publication, Long>> openBytes();

    /** Releases the store and the sockets. Links, rules and running traffic stay as they are. */
    @Override
    void close();
}
