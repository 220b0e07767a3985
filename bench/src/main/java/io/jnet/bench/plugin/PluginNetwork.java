package io.jnet.bench.plugin;

import io.jnet.testbed.daemon.PluginClient;
import java.util.List;
import java.util.Map;

/** A network of jnet that no dockerd knows of, with endpoints that lead to no container. Everything else about them is real. */
public final class PluginNetwork {
    private static final String SUBNET = "10.94.";
    private static final int TCP = 6;

    private final PluginClient client;
    private final String network;

    private PluginNetwork(PluginClient client, String network) {
        this.client = client;
        this.network = network;
    }

    /**
     * Creates a network of 65,534 addresses.
     *
     * @param number which one, from 1; there can be one at a time, as all have the same addresses
     */
    public static PluginNetwork create(PluginClient client, int number) {
        String id = identifier(number);
        client.call(
                "NetworkDriver.CreateNetwork",
                Map.of(
                        "NetworkID",
                        id,
                        "Options",
                        Map.of("com.docker.network.generic", Map.of()),
                        "IPv4Data",
                        List.of(Map.of(
                                "AddressSpace",
                                "LocalDefault",
                                "Gateway",
                                SUBNET + "0.1/16",
                                "Pool",
                                SUBNET + "0.0/16")),
                        "IPv6Data",
                        List.of()));
        return new PluginNetwork(client, id);
    }

    /** A network that {@link #create} has made, perhaps with another daemon of the same state. */
    public static PluginNetwork known(PluginClient client, int number) {
        return new PluginNetwork(client, identifier(number));
    }

    /** The name of a network's bridge. */
    public static String bridge(int number) {
        return "jbr-" + identifier(number).substring(0, 11);
    }

    /** Ids are hexadecimal, and names of links are made from their first digits. */
    private static String identifier(int number) {
        return "%08x".formatted(number) + "be".repeat(28);
    }

    /** {@code CreateEndpoint}. */
    public void createEndpoint(int number) {
        String address = SUBNET + (1 + number / 250) + "." + (1 + number % 250) + "/16";
        client.call(
                "NetworkDriver.CreateEndpoint",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        identifier(number),
                        "Interface",
                        Map.of("Address", address, "AddressIPv6", "", "MacAddress", ""),
                        "Options",
                        Map.of()));
    }

    /** {@code Join}. */
    public void join(int number) {
        client.call(
                "NetworkDriver.Join",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        identifier(number),
                        "SandboxKey",
                        "/run/docker/netns/" + number,
                        "Options",
                        Map.of()));
    }

    /**
     * {@code ProgramExternalConnectivity}: each of these host ports leads to port 80 of the endpoint, so that no two of them make a
     * range.
     */
    public void publish(int number, List<Integer> hostPorts) {
        List<Map<String, Object>> bindings = hostPorts.stream()
                .map(port -> Map.<String, Object>of(
                        "Proto", TCP, "IP", "", "Port", 80, "HostIP", "", "HostPort", port, "HostPortEnd", port))
                .toList();
        client.call(
                "NetworkDriver.ProgramExternalConnectivity",
                Map.of(
                        "NetworkID",
                        network,
                        "EndpointID",
                        identifier(number),
                        "Options",
                        Map.of("com.docker.network.portmap", bindings)));
    }

    /** {@code RevokeExternalConnectivity}. */
    public void revoke(int number) {
        call("RevokeExternalConnectivity", number);
    }

    /** {@code Leave}. */
    public void leave(int number) {
        call("Leave", number);
    }

    /** {@code DeleteEndpoint}. */
    public void deleteEndpoint(int number) {
        call("DeleteEndpoint", number);
    }

    private void call(String method, int number) {
        client.call("NetworkDriver." + method, Map.of("NetworkID", network, "EndpointID", identifier(number)));
    }

    /** {@code DeleteNetwork}. */
    public void delete() {
        client.call("NetworkDriver.DeleteNetwork", Map.of("NetworkID", network));
    }
}
