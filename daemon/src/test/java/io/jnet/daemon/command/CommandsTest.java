package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.cni.CniPlugin;
import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlSocket;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.driver.FakeEngine;
import io.jnet.engine.Status;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.name.DomainName;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.OpenPort;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.pool.PoolId;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each command against a daemon's control socket, to its exit status and its lines. */
final class CommandsTest {
    private static final NetworkId NETWORK = new NetworkId("07".repeat(32));
    private static final EndpointId ENDPOINT = new EndpointId("4f".repeat(32));

    @TempDir
    private Path folder;

    private final FakeEngine engine = new FakeEngine();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path control;
    private UnixHttpServer server;
    private ServerLimits limits;
    private StateStore store;
    private AddressPools pools;

    @BeforeEach
    void start() throws IOException {
        limits = new ServerLimits(
                2, Duration.ofSeconds(30), Duration.ofSeconds(30), ControlSocket.LARGEST_BODY, PeerPolicy.of((int)
                        Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
        control = folder.resolve("c.sock");
        SocketFile file = SocketFile.at(control);
        file.prepare();
        store = StateStore.open(folder.resolve("state"), "test");
        pools = new AddressPools(store, PoolSettings.DEFAULT, Set::of, Clock.systemUTC(), "boot");
        Backend backend = new Backend(
                engine, pools, new CniPlugin(engine, pools), store, new ArrayDeque<>(List.of(engine, store)));
        server = ControlSocket.bind(file, () -> backend, "1.2.3", new Metrics(() -> backend, "1.2.3"), limits);
        server.publish();
        engine.createNetwork(new NetworkSpec(
                NETWORK,
                Optional.of("web"),
                Optional.empty(),
                List.of(
                        subnet("10.77.0.0/24", "10.77.0.1/24"),
                        new Subnet(IpPrefix.parse("2001:db8:1::/64"), Optional.empty())),
                OptionalInt.of(1400),
                "eth",
                Optional.empty(),
                Set.of(NetworkFlag.MASQUERADE)));
        engine.createEndpoint(new EndpointSpec(
                        NETWORK,
                        ENDPOINT,
                        List.of(IpPrefix.parse("10.77.0.2/24"), IpPrefix.parse("2001:db8:1::2/64")),
                        Optional.of(MacAddress.parse("02:42:0a:4d:00:02")))
                .called(List.of(new DomainName("front"), new DomainName("www"))));
        engine.join(NETWORK, ENDPOINT, "/netns/1");
        engine.publish(
                NETWORK,
                ENDPOINT,
                List.of(
                        port(Protocol.UDP, Optional.of("127.0.0.1"), 53, 53),
                        port(Protocol.TCP, Optional.empty(), 8080, 80)));
    }

    @AfterEach
    void stop() {
        server.close();
        store.close();
    }

    @Test
    void lists_networks() {
        assertThat(run("network", "ls")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        NETWORK   ID             BRIDGE            SUBNETS                         ENDPOINTS   STATE
                        web       070707070707   jbr-07070707070   10.77.0.0/24, 2001:db8:1::/64   1           ready
                        """);
    }

    @Test
    void shows_one_network_by_name_and_by_the_start_of_its_id() {
        assertThat(run("network", "inspect", "web")).isZero();
        String byName = out.toString();
        out.getBuffer().setLength(0);
        assertThat(run("network", "inspect", "0707")).isZero();
        assertThat(out).hasToString(byName);
        assertThat(byName)
                .contains("bridge:           jbr-07070707070\n")
                .contains("mtu:              1400\n")
                .contains("subnet:           10.77.0.0/24, gateway 10.77.0.1/24\n")
                .contains("subnet:           2001:db8:1::/64, no gateway\n")
                .contains("names:            web.jnet.internal, at 10.77.0.1\n")
                .contains("internal:         no\nmasquerade:       yes\ninter-container:  no\n")
                .contains("4f4f4f4f4f4f   front       web       10.77.0.2/24, 2001:db8:1::2/64");
    }

    @Test
    void lists_endpoints() {
        assertThat(run("endpoint", "ls")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        ENDPOINT       CONTAINER   NETWORK   ADDRESSES                        MAC                 LINK             PORTS   STATE    NAMES
                        4f4f4f4f4f4f   front       web       10.77.0.2/24, 2001:db8:1::2/64   02:42:0a:4d:00:02   jv4f4f4f4f4f4f   2       joined   front, www
                        """);
    }

    @Test
    void lists_all_ports() {
        assertThat(run("ports")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        HOST           PROTOCOL   PORT   CONTAINER   ENDPOINT       NETWORK   CONNECTIONS   OPEN BYTES   BY
                        127.0.0.1:53   udp        53     front       4f4f4f4f4f4f   web       7             -            kernel
                        0.0.0.0:8080   tcp        80     front       4f4f4f4f4f4f   web       7             -            kernel
                        [::]:8080      tcp        80     front       4f4f4f4f4f4f   web       7             -            kernel
                        [::1]:8080     tcp        80     front       4f4f4f4f4f4f   web       -             -            daemon
                        """);
    }

    @Test
    void shows_the_bytes_of_open_connections_where_they_are_counted() {
        engine.openBytes(Map.of(engine.portTraffic().get(1).publication(), 4711L));

        assertThat(run("ports")).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("0\\.0\\.0\\.0:8080 .* 7 +4711 +kernel"))
                .anyMatch(line -> line.matches("127\\.0\\.0\\.1:53 .* 7 +0 +kernel"))
                .anyMatch(line -> line.matches("\\[::1]:8080 .* - +- +daemon"));
        out.getBuffer().setLength(0);
        assertThat(run("ports", "--json")).isZero();
        assertThat(out.toString())
                .contains("\"traffic\":[{\"hostAddress\":\"0.0.0.0\",\"connections\":7,\"openBytes\":4711},"
                        + "{\"hostAddress\":\"::\",\"connections\":7,\"openBytes\":0}]");
    }

    @Test
    void lists_ports_when_the_counters_cannot_be_read() {
        engine.loseCounters();
        assertThat(run("ports")).isZero();
        assertThat(out.toString().lines()).anyMatch(line -> line.matches("0\\.0\\.0\\.0:8080 .* - +- +kernel"));
        out.getBuffer().setLength(0);
        assertThat(run("ports", "--json")).isZero();
        assertThat(out.toString()).contains("\"hostPort\":8080").contains("\"traffic\":[]");
    }

    @Test
    void counts_publishing_apart_from_adopting_and_removing() {
        ControlClient daemon = new ControlClient(control);
        assertThatThrownBy(() -> daemon.put(List.of("9090:90"), "endpoints", "nobody", "ports"))
                .isInstanceOf(ClientException.class);
        assertThatThrownBy(() -> daemon.delete(List.of("9090"), "endpoints", "nobody", "ports"))
                .isInstanceOf(ClientException.class);
        assertThat(run("metrics")).isZero();
        assertThat(out.toString())
                .contains("_count{front_end=\"control\",operation=\"publish\",result=\"error\"} 2\n")
                .doesNotContain("operation=\"adopt\"", "operation=\"remove\"");
    }

    @Test
    void prints_metrics_and_writes_them_as_a_whole() throws IOException {
        assertThat(run("metrics")).isZero();
        assertThat(out.toString()).contains("# TYPE jnet_networks gauge\njnet_networks 1.0\n");

        Path file = Files.writeString(folder.resolve("jnet.prom"), "old");
        assertThat(run("metrics", "--textfile", file.toString())).isZero();
        assertThat(file).content().startsWith("# HELP ").contains("jnet_networks 1.0\n");
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains("jnet-"));
        }
        assertThat(run("metrics", "--textfile", folder.toString())).isEqualTo(1);
        assertThat(err).hasToString("jnet: cannot write " + folder + ": it is not a regular file but a folder\n");
    }

    @Test
    void prints_the_ports_of_an_endpoint_as_docker_port_does() {
        assertThat(run("port", "4f4f")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        53/udp -> 127.0.0.1:53
                        80/tcp -> 0.0.0.0:8080
                        80/tcp -> [::]:8080
                        """);
    }

    @Test
    void asks_docker_for_a_container_that_the_daemon_does_not_know() {
        Path docker = folder.resolve("d.sock");
        String answer = "{\"NetworkSettings\":{\"Networks\":{\"web\":{\"EndpointID\":\"" + ENDPOINT
                + "\"},\"bridge\":{\"EndpointID\":\"" + "12".repeat(32) + "\"},\"none\":{\"EndpointID\":\"\"}}}}";
        SocketFile file = SocketFile.at(docker);
        file.prepare();
        UnixHttpServer fakeDocker = UnixHttpServer.bind(file, limits, routes -> {
            routes.get(
                    "/containers/json",
                    context -> context.result("[{\"Names\":[\"/my web\"]," + answer.substring(1) + "]"));
            routes.get("/containers/{name}/json", context -> {
                if (context.pathParam("name").equals("my web")) {
                    context.result(answer);
                } else {
                    context.status(404).result("{\"message\":\"No such container\"}");
                }
            });
        });
        try (fakeDocker) {
            fakeDocker.publish();
            Map<String, String> environment = Map.of("DOCKER_HOST", "unix://" + docker);
            assertThat(run(environment, "port", "my web")).isZero();
            assertThat(out.toString()).contains("80/tcp -> 0.0.0.0:8080\n");
            out.getBuffer().setLength(0);
            assertThat(run(environment, "endpoint", "ls")).isZero();
            assertThat(out.toString()).contains("4f4f4f4f4f4f   my web ");
            assertThat(run(environment, "port", "nobody")).isEqualTo(1);
            assertThat(err).hasToString("jnet: no endpoint and no container nobody\n");
            // Not the container whose endpoint begins so.
            assertThat(run(environment, "publish", "add", "4f", "8081:81")).isEqualTo(1);
            assertThat(err.toString())
                    .endsWith(
                            "jnet: no container 4f; to change an endpoint give twelve characters of its id: 4f4f4f4f4f4f\n");
        }
    }

    /** A Docker network may be called as another one's id begins. */
    @Test
    void a_network_is_shown_by_its_own_name_before_dockers_and_by_dockers_before_the_start_of_an_id() {
        NetworkId dockers = new NetworkId("a1".repeat(32));
        network(dockers, Optional.empty());
        network(new NetworkId("db41".repeat(16)), Optional.empty());
        try (UnixHttpServer docker = docker(Map.of(
                dockers.value(), "db", "b2".repeat(32), "0707", NETWORK.value(), "shop_web", "c3".repeat(32), "web"))) {
            assertThat(json(docker, "network", "inspect", "db")
                            .at("/network/id")
                            .asString())
                    .isEqualTo(dockers.value());
            assertThat(json(docker, "network", "inspect", "db4")
                            .at("/network/id")
                            .asString())
                    .isEqualTo("db41".repeat(16));
            assertThat(json(docker, "network", "inspect", "web")
                            .at("/network/id")
                            .asString())
                    .as("its own name")
                    .isEqualTo(NETWORK.value());
            assertThat(json(docker, "network", "inspect", "shop_web")
                            .at("/network/dockerName")
                            .asString())
                    .isEqualTo("shop_web");
            assertThat(run(environment(docker), "network", "inspect", "0707")).isEqualTo(1);
            assertThat(err).hasToString("jnet: network 0707 is Docker's, and not jnet's\n");
            assertThat(json(docker, "network", "ls").toString()).contains("\"dockerName\":\"db\"");
        }
    }

    @Test
    void a_network_is_removed_by_its_name_or_twelve_characters_of_its_id() {
        NetworkId other = new NetworkId("a1".repeat(32));
        network(other, Optional.empty());
        assertThat(run("network", "rm", "--forgotten", "a1a1")).isEqualTo(1);
        assertThat(err)
                .hasToString(
                        "jnet: no network a1a1; to remove one by its id give twelve characters of it: a1a1a1a1a1a1\n");
        assertThat(run("network", "rm", "a1a1")).isEqualTo(1);
        assertThat(engine.networks()).hasSize(2);
        assertThat(run(Map.of("DOCKER_HOST", "unix:///nonexistent"), "network", "rm", "--forgotten", "a1a1a1a1a1a1"))
                .as(err.toString())
                .isZero();
        assertThat(engine.networks()).hasSize(1);
    }

    @Test
    void a_network_that_docker_knows_is_not_forgotten() {
        NetworkId other = new NetworkId("a1".repeat(32));
        network(other, Optional.of("shop"));
        try (UnixHttpServer docker = docker(Map.of(other.value(), "shop"))) {
            assertThat(run(environment(docker), "network", "rm", "--forgotten", "shop"))
                    .isEqualTo(1);
            assertThat(err).hasToString("jnet: Docker knows network shop: remove it with docker network rm\n");
        }
        try (UnixHttpServer docker = docker(Map.of("b2".repeat(32), "shop"))) {
            assertThat(run(environment(docker), "network", "rm", "--forgotten", "shop"))
                    .as(err.toString())
                    .isZero();
        }
    }

    @Test
    void ports_are_published_on_a_network_that_docker_names() {
        NetworkId other = new NetworkId("a1".repeat(32));
        network(other, Optional.empty());
        EndpointId second = new EndpointId("5e".repeat(32));
        engine.createEndpoint(
                new EndpointSpec(other, second, List.of(IpPrefix.parse("10.161.0.2/24")), Optional.empty()));
        engine.join(other, second, "/netns/1");
        engine.unpublish(NETWORK, ENDPOINT);
        try (UnixHttpServer docker = docker(Map.of(other.value(), "shop_frontend", "b2".repeat(32), "0707"))) {
            Map<String, String> environment = environment(docker);
            assertThat(run(environment, "publish", "add", "both", "8081:81", "--network", "shop_frontend"))
                    .as(err.toString())
                    .isZero();
            assertThat(engine.findEndpoint(second).orElseThrow().ports()).hasSize(1);
            assertThat(engine.findEndpoint(ENDPOINT).orElseThrow().ports()).isEmpty();
            assertThat(run(environment, "publish", "add", "both", "8082:82", "--network", "web"))
                    .isZero();
            assertThat(engine.findEndpoint(ENDPOINT).orElseThrow().ports()).hasSize(1);
            assertThat(run(environment, "publish", "add", "both", "8083:83", "--network", "0707"))
                    .as("Docker's name for another one")
                    .isEqualTo(1);
            assertThat(err).hasToString("jnet: container both is not on network 0707, but on shop_frontend, web\n");
        }
    }

    @Test
    void what_is_reached_by_a_route_is_in_the_json_as_it_is_in_the_text() {
        engine.open(
                ENDPOINT,
                List.of(
                        new OpenPort(Protocol.TCP, AddressFamily.INET, PortRange.of(443)),
                        new OpenPort(Protocol.UDP, AddressFamily.INET6, new PortRange(9000, 9001))));
        for (String command : List.of("ports", "port 4f4f")) {
            JsonNode ports = json(command.split(" ", -1));
            assertThat(ports.size()).as(command).isEqualTo(4);
            assertThat(ports.get(1).path("by").asString()).isEqualTo("host");
            assertThat(ports.get(1).path("hostPort").asInt()).isEqualTo(8080);
            assertThat(ports.get(2).toString())
                    .contains(
                            "\"by\":\"route\"",
                            "\"endpoint\":\"" + ENDPOINT.value() + "\"",
                            "\"address\":\"10.77.0.2\"",
                            "\"containerPort\":443",
                            "\"hostAddresses\":[]",
                            "\"hostPort\":0");
            assertThat(ports.get(3).toString()).contains("\"address\":\"2001:db8:1::2\"", "\"count\":2");
        }
        out.getBuffer().setLength(0);
        assertThat(run("ports")).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("by a route")))
                .hasSize(2);
    }

    @Test
    void a_list_of_ports_may_be_longer_than_a_path() {
        List<String> ports = IntStream.range(10_000, 11_000)
                .mapToObj(port -> port + ":" + port + "/udp")
                .toList();
        assertThat(run(with(ports, "publish", "add", ENDPOINT.value())))
                .as(err.toString())
                .isZero();
        assertThat(engine.findEndpoint(ENDPOINT).orElseThrow().ports()).hasSize(1002);
        assertThat(run(with(ports, "publish", "rm", ENDPOINT.value()))).isZero();
        assertThat(engine.findEndpoint(ENDPOINT).orElseThrow().ports()).hasSize(2);
    }

    @Test
    void what_is_no_list_of_ports_is_refused() {
        ControlClient daemon = new ControlClient(control);
        assertThatThrownBy(() -> daemon.put("endpoints", ENDPOINT.value(), "ports"))
                .hasMessage("invalid published ports: want a list of texts");
    }

    @Test
    void a_name_that_is_longer_than_a_request_may_be_is_refused_with_one_line() {
        assertThat(run("network", "inspect", "x".repeat(20_000))).isEqualTo(1);
        assertThat(err).hasToString("jnet: HTTP 414 URI Too Long\n");
    }

    /** An empty one is what a script's variable is that was not set: it is nobody's name, and a path without it is all that there is. */
    @Test
    void an_empty_argument_is_one_line_and_status_2_before_anything_is_asked() {
        server.close();
        for (String[] empty : new String[][] {
            {"port", ""},
            {"network", "inspect", "--json", ""},
            {"network", "rm", ""},
            {"adopt", "--instance", ""},
            {"clean", "--instance="},
            {"publish", "add", "", "8081:81"},
            {"publish", "rm", "web", ""},
            {"publish", "add", "web", "8081:81", "--network", ""},
            {"attach", "", "--network", "web"},
            {"detach", "/run/netns/box", "--network", ""},
            {"trace", "", "10.77.0.2:80"},
            {"migrate", ""},
            {"migrate", "--driver", ""},
            {"status", "--socket", ""},
            {"state", "export", "--state-dir", ""}
        }) {
            err.getBuffer().setLength(0);
            assertThat(runRaw(Map.of(), empty)).as(String.join(" ", empty)).isEqualTo(2);
            assertThat(err.toString()).contains(": it is empty; see \"").hasLineCount(1);
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void an_empty_name_in_a_path_is_not_all_that_there_is() {
        ControlClient daemon = new ControlClient(control);
        assertThatThrownBy(() -> daemon.get("networks", "")).hasMessage("unknown path");
        assertThatThrownBy(() -> daemon.get("endpoints", "")).hasMessage("unknown path");
        assertThatThrownBy(() -> daemon.put("adopted", "all", "")).hasMessage("unknown path");
    }

    @Test
    void says_when_docker_cannot_be_asked() {
        assertThat(run(Map.of("DOCKER_HOST", "tcp://192.0.2.1:2375"), "port", "nobody"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("jnet: DOCKER_HOST is not a unix:// socket")
                .hasLineCount(1);
    }

    @Test
    void shows_the_status_with_what_was_changed_on_the_host() {
        engine.changeHost(new Status.HostChange("net.ipv4.ip_forward", "0", "1"));
        assertThat(run("status")).isZero();
        assertThat(out.toString())
                .contains("version:          1.2.3, Java ")
                .contains("published ports:  2\n")
                .contains("changed:          net.ipv4.ip_forward: was 0, is 1\n");
    }

    @Test
    void lists_address_pools_and_leases() {
        PoolId pool = pools.requestPool(new PoolRequest(
                        "jnet-local",
                        AddressFamily.INET,
                        Optional.of(IpPrefix.parse("10.1.0.0/24")),
                        Optional.of(IpPrefix.parse("10.1.0.128/25")),
                        false))
                .id();
        pools.requestAddress(pool, new AddressRequest(Optional.empty(), true, Optional.empty()));
        pools.requestAddress(pool, new AddressRequest(Optional.empty(), false, Optional.of("web")));

        assertThat(run("ipam", "pools")).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("POOL RANGE USED FREE STICKY SINCE\n10.1.0.0/24 10.1.0.128/25 2 126 no 2");
        out.getBuffer().setLength(0);
        assertThat(run("ipam", "leases")).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("10.1.0.0/24 10.1.0.1 gateway unknown 2")
                .contains("10.1.0.0/24 10.1.0.128 endpoint web 2");
        assertThat(json("ipam", "pools").get(0).path("free").asInt()).isEqualTo(126);
        assertThat(json("ipam", "leases").get(1).path("owner").asString()).isEqualTo("web");
    }

    @Test
    void pool_options_that_are_no_ranges_are_one_line_and_status_2() {
        for (String wrong : List.of(
                "--ipam-pool=10.0.0.0/8",
                "--ipam-pool=10.0.0.0/8:7",
                "--ipam-pool=10.0.0.1/8:24",
                "--ipam-exclude=10.0.0.0")) {
            err.getBuffer().setLength(0);
            Path made = folder.resolve("made");
            assertThat(runRaw(
                            Map.of(),
                            "daemon",
                            "--socket",
                            made.resolve("c.sock").toString(),
                            wrong))
                    .as(wrong)
                    .isEqualTo(2);
            assertThat(made).doesNotExist();
            assertThat(err.toString()).hasLineCount(1).contains(wrong.substring(wrong.indexOf('=') + 1));
        }
    }

    @Test
    void every_question_is_answered_in_json_too() {
        assertThat(json("network", "ls")
                        .get(0)
                        .path("subnets")
                        .get(1)
                        .path("gateway")
                        .isNull())
                .isTrue();
        assertThat(json("network", "inspect", "web").path("endpoints").size()).isEqualTo(1);
        assertThat(json("endpoint", "ls").get(0).path("id").asString()).isEqualTo(ENDPOINT.value());
        assertThat(json("ports").size()).isEqualTo(2);
        assertThat(json("port", "4f").get(1).path("hostAddresses").get(1).asString())
                .isEqualTo("::");
        assertThat(json("status").path("networks").asInt()).isEqualTo(1);
    }

    @Test
    void an_unknown_network_is_one_line_and_status_1() {
        assertThat(run("network", "inspect", "nope/../x")).isEqualTo(1);
        assertThat(err).hasToString("jnet: network nope/../x does not exist\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_daemon_that_does_not_run_is_one_line_that_says_how_to_start_it() {
        server.close();
        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("jnet: the daemon does not answer on " + control
                        + ": start it with \"systemctl start jnet\", or where it is no service with \"jnet daemon\"; or name its"
                        + " socket with --socket, a managed plugin's is /run/docker/plugins/ID/control.sock\n");
    }

    @Test
    void a_wrong_command_line_is_one_line_and_status_2() {
        for (String[] wrong : new String[][] {
            {},
            {"nonsense"},
            {"network"},
            {"network", "inspect"},
            {"status", "--nonsense"},
            {"port", "a", "b"},
            {"daemon", "x"}
        }) {
            err.getBuffer().setLength(0);
            assertThat(runRaw(Map.of(), wrong)).as(String.join(" ", wrong)).isEqualTo(2);
            assertThat(err.toString()).startsWith("jnet: ").hasLineCount(1).contains("--help\"");
        }
    }

    @Test
    void arguments_that_mean_nothing_are_one_line_and_status_2_before_anything_is_asked() {
        server.close();
        for (String[] wrong : new String[][] {
            {"publish", "add", "web", "x"},
            {"publish", "add", "web", "8081"},
            {"publish", "add", "web", "8081:81", "0:80"},
            {"publish", "rm", "web", "x"},
            {"attach", "/run/netns/box", "--network", "a b"},
            {"attach", "/run/netns/box", "--network", "web", "-p", "x"},
            {"attach", "/run/netns/box", "--network", "web", "--ip", "x"},
            {"attach", "/run/netns/box", "--network", "web", "--name", "a.b"},
            {"attach", "/run/netns/box", "--network", "web", "--dns", "x"},
            {"attach", "/run/netns/box", "--network", "web", "--dns-search", "a..b"},
            {"detach", "/run/netns/box", "--network", "a/b"},
            {"detach", "/run/netns/box", "--network", "web", "--interface", "a/b"},
            {"trace", "host", "10.77.0.2"},
            {"trace", "host", "10.77.0.2:80", "--timeout", "0"},
            {"trace", "host", "10.77.0.2:80", "--timeout", "3601"},
            {"cni", "install", "--network", "a b"},
            {"cni", "install", "--subnet", "x"},
            {"cni", "install", "--subnet", "10.1.2.3/24"}
        }) {
            err.getBuffer().setLength(0);
            String command = String.join(" ", wrong);
            assertThat(runRaw(Map.of("DOCKER_HOST", "unix:///nonexistent"), wrong))
                    .as(command)
                    .isEqualTo(2);
            assertThat(err.toString())
                    .as(command)
                    .startsWith("jnet: invalid ")
                    .hasLineCount(1)
                    .endsWith(" --help\"\n");
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void prints_the_whole_state_as_the_daemon_has_it() {
        pools.requestPool(new PoolRequest(
                "jnet-local", AddressFamily.INET, Optional.of(IpPrefix.parse("10.1.0.0/24")), Optional.empty(), false));
        assertThat(run("state", "export")).isZero();
        String asked = out.toString();
        JsonNode tables = new JsonMapper().readTree(asked).get("tables");
        assertThat(tables.get("pool").size()).isPositive();
        assertThat(asked).endsWith("\n}\n");

        out.getBuffer().setLength(0);
        assertThat(run("state", "export")).isZero();
        assertThat(out).hasToString(asked);

        server.close();
        store.close();
        out.getBuffer().setLength(0);
        assertThat(runRaw(
                        Map.of(),
                        "state",
                        "export",
                        "--state-dir",
                        folder.resolve("state").toString()))
                .isZero();
        assertThat(out).as("read without a daemon").hasToString(asked);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void says_in_one_line_why_there_is_no_state_to_print() {
        assertThat(runRaw(Map.of(), "state", "export", "--state-dir", "/nonexistent"))
                .isEqualTo(1);
        assertThat(err).hasToString("jnet: there is no state in /nonexistent\n");
        err.getBuffer().setLength(0);
        assertThat(runRaw(Map.of(), "state", "export", "--socket", "/nonexistent"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("jnet: the daemon does not answer on /nonexistent")
                .hasLineCount(1);
        err.getBuffer().setLength(0);
        assertThat(runRaw(Map.of(), "state", "export", "--socket", "/a", "--state-dir", "/b"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("mutually exclusive").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void help_and_version_go_to_standard_output() {
        assertThat(runRaw(Map.of(), "--version")).isZero();
        assertThat(out.toString()).startsWith("jnet ").hasLineCount(1);
        assertThat(runRaw(Map.of(), "daemon", "--help")).isZero();
        assertThat(out.toString()).contains("--plugin-socket=PATH").contains("/run/docker/plugins/jnet.sock");
        assertThat(err.toString()).isEmpty();
    }

    private void network(NetworkId id, Optional<String> name) {
        String prefix = "10." + Integer.parseInt(id.value().substring(0, 2), 16) + ".0.";
        engine.createNetwork(new NetworkSpec(
                id,
                name,
                Optional.empty(),
                List.of(subnet(prefix + "0/24", prefix + "1/24")),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of()));
    }

    /** A Docker engine with these networks, by their ids, and a container {@code both} that has all of jnet's endpoints. */
    private UnixHttpServer docker(Map<String, String> networks) {
        JsonMapper json = new JsonMapper();
        SocketFile file = SocketFile.at(folder.resolve("d.sock"));
        file.prepare();
        UnixHttpServer docker = UnixHttpServer.bind(file, limits, routes -> {
            routes.get(
                    "/networks",
                    context -> context.result(json.writeValueAsBytes(networks.entrySet().stream()
                            .map(network ->
                                    Map.of("Id", network.getKey(), "Name", network.getValue(), "Driver", "null"))
                            .toList())));
            routes.get(
                    "/containers/both/json",
                    context -> context.result(json.writeValueAsBytes(Map.of(
                            "Name",
                            "/both",
                            "NetworkSettings",
                            Map.of(
                                    "Networks",
                                    engine.endpoints().stream()
                                            .map(endpoint -> Map.of(
                                                    "EndpointID", endpoint.id().value()))
                                            .toList())))));
        });
        docker.publish();
        return docker;
    }

    private static Map<String, String> environment(UnixHttpServer docker) {
        return Map.of("DOCKER_HOST", "unix://" + docker.path());
    }

    private static String[] with(List<String> more, String... arguments) {
        return Stream.concat(Stream.of(arguments), more.stream()).toArray(String[]::new);
    }

    private JsonNode json(String... arguments) {
        return json(Map.of(), arguments);
    }

    private JsonNode json(UnixHttpServer docker, String... arguments) {
        return json(environment(docker), arguments);
    }

    private JsonNode json(Map<String, String> environment, String... arguments) {
        out.getBuffer().setLength(0);
        assertThat(run(environment, with(List.of("--json"), arguments)))
                .as(err.toString())
                .isZero();
        return new JsonMapper().readTree(out.toString());
    }

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--socket";
        all[arguments.length + 1] = control.toString();
        return runRaw(environment, all);
    }

    private int runRaw(Map<String, String> environment, String... arguments) {
        CommandContext context =
                new CommandContext(new PrintWriter(out), new PrintWriter(err, true), environment, () -> {});
        return Commands.run(
                context,
                (directory, settings, deployment) -> {
                    throw new EngineException(ErrorCode.UNSUPPORTED, "no engine in this test");
                },
                arguments);
    }

    private static Subnet subnet(String prefix, String gateway) {
        return new Subnet(IpPrefix.parse(prefix), Optional.of(IpPrefix.parse(gateway)));
    }

    private static PortRequest port(Protocol protocol, Optional<String> address, int hostPort, int containerPort) {
        return new PortRequest(
                protocol, address.map(IpAddress::parse), Optional.of(PortRange.of(hostPort)), containerPort);
    }
}
