package io.jnet.daemon.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.CniAnswer;
import io.jnet.cni.CniPlugin;
import io.jnet.cni.CniRequest;
import io.jnet.driver.NetworkDriver;
import io.jnet.engine.StoredEngine;
import io.jnet.ipam.AddressManagement;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.PluginResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The driver and the CNI plugin on a network namespace, asked what dockerd and runtimes ask, and what the kernel has then. */
final class DocumentedHost implements AutoCloseable {
    private static final String ENDPOINT = "4f".repeat(32);
    private static final List<String> TABLES = List.of("inet jnet", "bridge jnet");

    static final String HOST = "198.51.100.1";

    /** What a container of Docker's publishes. */
    static final String PUBLISHED = "-p 8080:80 -p " + HOST + ":5353:53/udp -p 20000-20009:20000-20009";

    private final StoredEngine engine;
    private final AddressManagement addresses;
    private final DockerPlugin driver;
    private final CniPlugin cni;
    /** The container's. */
    private final FreshNamespace inside = FreshNamespace.create();

    private boolean interfaceOfAnother;

    /** A host whose iptables has a FORWARD chain with the policy that Docker gives it. */
    DocumentedHost(Path stateDirectory) {
        Commands.run("ip", "address", "add", HOST + "/32", "dev", "lo");
        Commands.run("iptables", "-P", "FORWARD", "DROP");
        Commands.run("ip6tables", "-P", "FORWARD", "DROP");
        engine = StoredEngine.open(stateDirectory);
        addresses = AddressManagement.open(engine.store(), PoolSettings.DEFAULT);
        driver = new DockerPlugin(List.of(NetworkDriver.on(engine)));
        cni = new CniPlugin(engine, addresses.pools());
    }

    /** Makes the network and a container on it, which publishes {@link #PUBLISHED} where a command of Docker's says so. */
    void create(NetworkRequest request) {
        if (request instanceof NetworkCommand command) {
            create(command);
        } else if (request instanceof CniConfiguration configuration) {
            create(configuration);
        }
    }

    private void create(CniConfiguration configuration) {
        interfaceOfAnother = configuration.isAfterAnother();
        if (interfaceOfAnother) {
            makeInterface();
        }
        Map<String, String> environment = Map.of(
                "CNI_COMMAND",
                "ADD",
                "CNI_CONTAINERID",
                CniConfiguration.CONTAINER,
                "CNI_NETNS",
                "/run/netns/" + CniConfiguration.CONTAINER,
                "CNI_IFNAME",
                "eth0");
        CniAnswer answer;
        try (NetworkNamespace container = inside.call(NetworkNamespace::current)) {
            answer = cni.answer(new CniRequest(
                    environment, configuration.input().getBytes(StandardCharsets.UTF_8), Optional.of(container)));
        }
        assertThat(answer.status())
                .as(new String(answer.output(), StandardCharsets.UTF_8))
                .isZero();
    }

    /** As another plugin makes it. */
    private void makeInterface() {
        String path = inside.call(() -> "/proc/" + Files.readSymbolicLink(Path.of("/proc/thread-self")) + "/ns/net");
        Commands.run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "eth0", "netns", path);
        Commands.run("ip", "address", "add", "10.77.0.1/24", "dev", "veth0");
        Commands.run("ip", "link", "set", "veth0", "up");
        inside.call(() -> {
            Commands.run("ip", "address", "add", CniConfiguration.ADDRESS, "dev", "eth0");
            Commands.run("ip", "link", "set", "eth0", "up");
            return path;
        });
    }

    private void create(NetworkCommand network) {
        call("CreateNetwork", network.body());
        String ipv6 = network.hasIpv6() ? "fd00:77::2/64" : "";
        call(
                "CreateEndpoint",
                about(
                        "\"Interface\":{\"Address\":\"10.77.0.2/24\",\"AddressIPv6\":\"%s\",\"MacAddress\":\"02:42:0a:4d:00:02\"}"
                                .formatted(ipv6)));
        call("Join", about("\"SandboxKey\":\"/var/run/docker/netns/4fa78254d77b\""));
        call(
                "ProgramExternalConnectivity",
                about("\"Options\":{\"com.docker.network.portmap\":[%s]}".formatted(String.join(",", ports()))));
    }

    /** One port, one of a single address, and a range, which dockerd takes apart. */
    private static List<String> ports() {
        List<String> ports = new ArrayList<>();
        ports.add("{\"Proto\":6,\"Port\":80,\"HostPort\":8080,\"HostPortEnd\":8080}");
        ports.add(
                "{\"Proto\":17,\"Port\":53,\"HostIP\":\"%s\",\"HostPort\":5353,\"HostPortEnd\":5353}".formatted(HOST));
        for (int port = 20000; port < 20010; port++) {
            ports.add("{\"Proto\":6,\"Port\":%1$d,\"HostPort\":%1$d,\"HostPortEnd\":%1$d}".formatted(port));
        }
        return ports;
    }

    /** Removes the network and what is on it, and the interface that another plugin made: jnet leaves that one. */
    void remove() {
        engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
        if (interfaceOfAnother) {
            Commands.run("ip", "link", "delete", "veth0");
            interfaceOfAnother = false;
        }
    }

    /** jnet's tables as {@code nft -s list table} shows them, without what differs from host to host. */
    String tables() {
        String present = Commands.run("nft", "list", "tables");
        return TABLES.stream()
                .filter(table -> present.contains("table " + table + "\n"))
                .map(table -> Commands.run(("nft -s list table " + table).split(" ")))
                .collect(Collectors.joining("\n"))
                .replaceAll("comment \"jnet [0-9a-f]{32} ", "comment \"jnet 00000000000000000000000000000000 ")
                // A bridge's name is drawn from the network's id, or from its name where that is of CNI.
                .replaceAll("jbr-[0-9a-f]{11}", "jbr-" + NetworkCommand.ID.substring(0, 11))
                // A bridge's MAC address is drawn from the state's identity.
                .replaceAll(" : 02(:[0-9a-f]{2}){5}", " : 02:00:00:00:00:00")
                // Later versions of nft leave out leading zeros of marks.
                .replaceAll("0x0+([0-9a-f])", "0x$1");
    }

    /** What iptables has of jnet, and the chain that leads there. */
    String iptables() {
        String ipv4 = Commands.run("iptables", "-S");
        assertThat(Commands.run("ip6tables", "-S")).isEqualTo(ipv4);
        return ipv4.lines().filter(line -> line.contains("FORWARD")).collect(Collectors.joining("\n", "", "\n"));
    }

    @Override
    public void close() {
        inside.close();
        addresses.close();
        engine.close();
    }

    private static String about(String rest) {
        return "{\"NetworkID\":\"%s\",\"EndpointID\":\"%s\",%s}".formatted(NetworkCommand.ID, ENDPOINT, rest);
    }

    private void call(String method, String body) {
        PluginResponse response = driver.handle("/NetworkDriver." + method, body.getBytes(StandardCharsets.UTF_8));
        assertThat(response.status())
                .as("%s: %s", method, new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
    }
}
