package io.jnet.dns;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.name.NameServer;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.name.StaticRecord;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.NetworkState;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.resolve.Directory;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A directory of networks and containers that tests change. */
public final class Neighbourhood implements Directory {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    private final Map<NetworkId, Network> networks = new ConcurrentSkipListMap<>();
    private final Map<EndpointId, Endpoint> endpoints = new ConcurrentSkipListMap<>();
    private final AtomicLong generation = new AtomicLong();

    /** A network {@code name} with the subnets 10.77.N.0/24 and fd77:N::/64, the bridge at their first addresses. */
    public NetworkId network(String name, int number, Resolution resolution, NetworkFlag... flags) {
        NetworkId id = new NetworkId("net" + number);
        Subnet ipv4 = new Subnet(
                IpPrefix.parse("10.77." + number + ".0/24"),
                Optional.of(IpPrefix.parse("10.77." + number + ".1/24")),
                Optional.empty());
        Subnet ipv6 = new Subnet(
                IpPrefix.parse("fd77:" + number + "::/64"),
                Optional.of(IpPrefix.parse("fd77:" + number + "::1/64")),
                Optional.empty());
        NetworkSpec spec = new NetworkSpec(
                        id,
                        Optional.of(name),
                        Optional.empty(),
                        List.of(ipv4, ipv6),
                        OptionalInt.empty(),
                        "eth",
                        Optional.empty(),
                        Set.of(flags))
                .resolving(resolution);
        networks.put(id, new Network(spec, new InterfaceName("jn" + number), MAC, NetworkState.READY));
        generation.incrementAndGet();
        return id;
    }

    /** A container that uses an endpoint of a network. */
    public EndpointId container(NetworkId network, String id, String sandbox, List<String> names, String... addresses) {
        return endpoint(network, id, Optional.of(sandbox), EndpointState.JOINED, Optional.empty(), names, addresses);
    }

    /** An endpoint as it may be. */
    public EndpointId endpoint(
            NetworkId network,
            String id,
            Optional<String> sandbox,
            EndpointState state,
            Optional<String> container,
            List<String> names,
            String... addresses) {
        EndpointSpec spec = new EndpointSpec(
                        network,
                        new EndpointId(id),
                        Stream.of(addresses)
                                .map(address -> IpPrefix.parse(address + (address.contains(":") ? "/64" : "/24")))
                                .toList(),
                        Optional.empty(),
                        container,
                        PortHolder.ENGINE)
                .called(names.stream().map(DomainName::parse).toList());
        Endpoint endpoint = new Endpoint(
                spec,
                new InterfaceName("jv" + id),
                new InterfaceName("jp" + id),
                MAC,
                sandbox,
                List.of(),
                List.of(),
                state);
        endpoints.put(endpoint.id(), endpoint);
        generation.incrementAndGet();
        return endpoint.id();
    }

    /** An endpoint goes. */
    public void remove(EndpointId id) {
        endpoints.remove(id);
        generation.incrementAndGet();
    }

    /** What a network says of names. */
    public static Resolution resolution(String domain, List<String> servers, String... records) {
        return new Resolution(
                true,
                Optional.of(domain).filter(given -> !given.isEmpty()).map(DomainName::parse),
                servers.stream().map(NameServer::parse).toList(),
                Stream.of(records).map(StaticRecord::parse).toList());
    }

    /** An address. */
    public static IpAddress address(String text) {
        return IpAddress.parse(text);
    }

    @Override
    public long generation() {
        return generation.get();
    }

    @Override
    public List<Network> networks() {
        return List.copyOf(networks.values());
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints.values());
    }
}
