package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.javalin.config.RoutesConfig;
import io.jnet.cni.CniPlugin;
import io.jnet.daemon.control.ControlSocket;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.metrics.Metrics;
import io.jnet.daemon.prune.ForgottenSearch;
import io.jnet.daemon.service.Backend;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import io.jnet.driver.FakeEngine;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code jnet prune} between a daemon's control socket and something that answers as Docker does. */
final class PruneCommandTest {
    private static final NetworkId KNOWN = new NetworkId("01".repeat(32));
    private static final NetworkId FORGOTTEN = new NetworkId("02".repeat(32));
    private static final EndpointId ONE = new EndpointId("a1".repeat(32));
    private static final EndpointId TWO = new EndpointId("a2".repeat(32));
    private static final EndpointId BY_HAND = new EndpointId("cni-" + "a3".repeat(20));
    /** In seconds: so long it may take Docker to record what it has asked for, while a driver does not answer. */
    private static final int PATIENCE_OF_DOCKER = 15;

    private static final String NOTHING = "Docker has forgotten nothing.\n";

    @TempDir
    private Path folder;

    private final FakeEngine engine = new FakeEngine();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** What Docker knows: networks with their endpoints, and the ranges that it has of jnet. */
    private final Map<String, List<String>> networks = new LinkedHashMap<>();

    private final List<String> ranges = new ArrayList<>();
    private boolean isDocker = true;
    private int pauses;
    private Runnable meanwhile = () -> {};

    private ServerLimits limits;
    private StateStore store;
    private AddressPools pools;
    private UnixHttpServer daemon;
    private UnixHttpServer docker;

    @BeforeEach
    void start() throws IOException {
        int user = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (System.getenv("CI") != null) {
            assertThat(user).as("root, with CI set").isZero();
        }
        assumeTrue(user == 0, "a Docker engine of a user that is not root is refused");
        limits = new ServerLimits(4, Duration.ofSeconds(10), Duration.ofSeconds(10), 0, PeerPolicy.of(user));
        store = StateStore.open(folder.resolve("state"), "test");
        pools = new AddressPools(store, PoolSettings.DEFAULT, Set::of, Clock.systemUTC(), "boot");
        Backend backend = new Backend(
                engine, pools, new CniPlugin(engine, pools), store, new ArrayDeque<>(List.of(engine, store)));
        SocketFile control = SocketFile.at(folder.resolve("c.sock"));
        control.prepare();
        daemon = ControlSocket.bind(control, () -> backend, "1.2.3", new Metrics(() -> backend, "1.2.3"), limits);
        daemon.publish();
        SocketFile socket = SocketFile.at(folder.resolve("d.sock"));
        socket.prepare();
        docker = UnixHttpServer.bind(socket, limits, this::answerAsDocker);
        docker.publish();
        network(KNOWN, "web", "10.77.0.0/24");
        networks.put(KNOWN.value(), new ArrayList<>());
    }

    @AfterEach
    void stop() {
        if (daemon != null) {
            daemon.close();
            docker.close();
            store.close();
        }
    }

    @Test
    void whatDockerKnowsIsFoundKnownAtTheFirstLook() {
        endpoint(KNOWN, ONE, "10.77.0.2/24");
        networks.get(KNOWN.value()).add(ONE.value());
        pool("10.77.0.0/24");
        ranges.add("10.77.0.0/24");

        assertThat(prune()).isZero();

        assertThat(out).hasToString(NOTHING);
        assertThat(pauses).isZero();
    }

    @Test
    void whatDockerHasForgottenIsRemovedAndNothingElse() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        endpoint(FORGOTTEN, TWO, "10.78.0.2/24");
        endpoint(KNOWN, ONE, "10.77.0.2/24");
        pool("10.77.0.0/24");
        pool("10.78.0.0/24");
        ranges.add("10.77.0.0/24");

        assertThat(prune()).isZero();

        assertThat(out.toString().replaceAll(" +", " "))
                .contains("removed endpoint a1a1a1a1a1a1 10.77.0.2/24 of network web")
                .contains("removed endpoint a2a2a2a2a2a2 10.78.0.2/24 of network lost")
                .contains("removed network 020202020202 lost, 10.78.0.0/24")
                .contains("10.78.0.0/24\n")
                .hasLineCount(5);
        assertThat(pauses).isEqualTo(ForgottenSearch.LOOKS - 1);
        assertThat(engine.networks()).extracting(network -> network.id()).containsExactly(KNOWN);
        assertThat(engine.endpoints()).isEmpty();
        assertThat(pools.pools()).hasSize(1);
        assertThat(pools.pool(IpPrefix.parse("10.77.0.0/24"))).isPresent();
    }

    @Test
    void whatIsOnItsWayIsLeftAlone() {
        network(FORGOTTEN, "new", "10.78.0.0/24");
        endpoint(KNOWN, ONE, "10.77.0.2/24");
        pool("10.78.0.0/24");
        meanwhile = () -> {
            if (pauses == PATIENCE_OF_DOCKER) {
                networks.put(FORGOTTEN.value(), new ArrayList<>());
                networks.get(KNOWN.value()).add(ONE.value());
                ranges.add("10.78.0.0/24");
            }
        };

        assertThat(prune()).isZero();

        assertThat(out).hasToString(NOTHING);
        assertThat(engine.networks()).hasSize(2);
        assertThat(engine.endpoints()).hasSize(1);
        assertThat(pools.pools()).hasSize(1);
    }

    @Test
    void whatDockerRemovesMeanwhileIsNotNamed() {
        endpoint(KNOWN, ONE, "10.77.0.2/24");
        meanwhile = () -> engine.deleteEndpoint(KNOWN, ONE);

        assertThat(prune()).isZero();

        assertThat(out).hasToString(NOTHING);
    }

    @Test
    void networksAndEndpointsOfCniAreNotDockersToKnow() {
        network(new NetworkId(cniId("pods")), "pods", "10.79.0.0/24");
        endpoint(KNOWN, BY_HAND, "10.77.0.3/24");
        pools.requestPool(new PoolRequest(
                "cni", AddressFamily.INET, Optional.of(IpPrefix.parse("10.79.0.0/24")), Optional.empty(), false));

        assertThat(prune("--in-use")).isZero();

        assertThat(out).hasToString(NOTHING);
        assertThat(pauses).isZero();
    }

    @Test
    void whatIsInUseIsKeptAndNamedUnlessItIsToBeCutOff() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        endpoint(FORGOTTEN, TWO, "10.78.0.2/24");
        engine.join(FORGOTTEN, TWO, "/netns/2");

        assertThat(prune()).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("kept endpoint a2a2a2a2a2a2 10.78.0.2/24 of network lost network namespace /netns/2 has")
                .contains("kept network 020202020202 lost, 10.78.0.0/24 1 container is on it")
                .contains("--in-use");
        assertThat(engine.endpoints()).hasSize(1);

        assertThat(prune("--in-use")).isZero();
        assertThat(engine.endpoints()).isEmpty();
        assertThat(engine.networks()).hasSize(1);
    }

    @Test
    void aNetworkThatSomebodyElseUsesIsNotRemoved() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        endpoint(FORGOTTEN, BY_HAND, "10.78.0.3/24");
        engine.join(FORGOTTEN, BY_HAND, "/netns/3");

        assertThat(prune()).isZero();
        assertThat(engine.networks()).hasSize(2);
        assertThat(prune("--in-use")).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("kept network 020202020202 lost, 10.78.0.0/24 1 container of CNI is on it, whose runtime");
        assertThat(engine.networks()).hasSize(2);
        assertThat(engine.endpoints()).hasSize(1);
    }

    @Test
    void aPoolStaysWithTheContainersThatHaveItsAddresses() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        endpoint(FORGOTTEN, BY_HAND, "10.78.0.3/24");
        engine.join(FORGOTTEN, BY_HAND, "/netns/3");
        pool("10.78.0.0/24");

        assertThat(prune()).isZero();
        assertThat(out.toString().replaceAll(" +", " ")).contains("kept pool", "1 container of CNI is on it");
        assertThat(pools.pools()).hasSize(1);
        assertThat(prune("--in-use")).isZero();
        assertThat(pools.pools()).hasSize(1);
    }

    @Test
    void aTrialRemovesNothingAndJsonSaysTheSame() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");

        assertThat(prune("--dry-run", "--json")).isZero();

        JsonNode found = new JsonMapper().readTree(out.toString());
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.get(0).path("kind").asString()).isEqualTo("network");
        assertThat(found.get(0).path("id").asString()).isEqualTo(FORGOTTEN.value());
        assertThat(found.get(0).path("outcome").asString()).isEqualTo("found");
        assertThat(engine.networks()).hasSize(2);
    }

    @Test
    void aDaemonThatWasStartedAgainMeanwhileMakesItSayNothing() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        meanwhile = () -> engine.startedAt(Instant.EPOCH.plusSeconds(1));

        assertThat(prune()).isEqualTo(1);

        assertThat(err).hasToString("jnet: the daemon was started again meanwhile: run jnet prune once more\n");
        assertThat(engine.networks()).hasSize(2);
    }

    @Test
    void withoutDockerNothingIsRemoved() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        docker.close();

        assertThat(prune()).isEqualTo(1);

        assertThat(err)
                .hasToString("jnet: Docker does not answer on " + folder.resolve("d.sock")
                        + ": start it, or name its socket with DOCKER_HOST=unix://PATH\n");
        assertThat(engine.networks()).hasSize(2);
    }

    @Test
    void anotherEngineThatKnowsNothingOfJnetIsNotBelieved() {
        network(FORGOTTEN, "lost", "10.78.0.0/24");
        isDocker = false;

        assertThat(prune()).isEqualTo(1);

        assertThat(err.toString()).contains("is no Docker engine").hasLineCount(1);
        assertThat(engine.networks()).hasSize(2);
    }

    @Test
    void statusAndNetworksSayHowManyEndpointsAreWithoutAContainer() {
        endpoint(KNOWN, ONE, "10.77.0.2/24");
        endpoint(KNOWN, TWO, "10.77.0.3/24");
        engine.join(KNOWN, TWO, "/netns/2");

        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("2, 1 of them without a container: jnet prune removes");
        assertThat(run("network", "ls")).isZero();
        assertThat(out.toString()).contains("2, 1 without a container");
    }

    private void answerAsDocker(RoutesConfig routes) {
        routes.get("/networks", context -> {
            List<String> all = new ArrayList<>();
            if (isDocker) {
                all.add("{\"Id\":\"00\",\"Driver\":\"null\",\"IPAM\":{\"Driver\":\"default\",\"Config\":[]}}");
            }
            all.add("{\"Id\":\"ff\",\"Driver\":\"bridge\",\"IPAM\":{\"Driver\":\"default\","
                    + "\"Config\":[{\"Subnet\":\"10.78.0.0/24\"}]}}");
            networks.keySet()
                    .forEach(id -> all.add("{\"Id\":\"" + id
                            + "\",\"Driver\":\"jnet\",\"IPAM\":{\"Driver\":\"default\",\"Config\":null}}"));
            ranges.forEach(range -> all.add("{\"Id\":\"fe\",\"Driver\":\"other\",\"IPAM\":{\"Driver\":\"jnet\","
                    + "\"Config\":[{\"Subnet\":\"" + range + "\"}]}}"));
            context.result("[" + String.join(",", all) + "]");
        });
        routes.get("/networks/{id}", context -> {
            String id = context.pathParam("id");
            List<String> containers = new ArrayList<>();
            networks.get(id)
                    .forEach(endpoint ->
                            containers.add("\"ep-" + endpoint + "\":{\"EndpointID\":\"" + endpoint + "\"}"));
            context.result("{\"Id\":\"" + id + "\",\"Containers\":{" + String.join(",", containers) + "}}");
        });
    }

    private void network(NetworkId id, String name, String prefix) {
        engine.createNetwork(new NetworkSpec(
                id,
                Optional.of(name),
                Optional.empty(),
                List.of(new Subnet(IpPrefix.parse(prefix), Optional.empty())),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of(NetworkFlag.MASQUERADE)));
    }

    private Endpoint endpoint(NetworkId network, EndpointId id, String address) {
        return engine.createEndpoint(new EndpointSpec(network, id, List.of(IpPrefix.parse(address)), Optional.empty()));
    }

    private void pool(String prefix) {
        pools.requestPool(new PoolRequest(
                "jnet-local", AddressFamily.INET, Optional.of(IpPrefix.parse(prefix)), Optional.empty(), false));
    }

    /** The identity that a network of a CNI configuration has. */
    private static String cniId(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(("cni network " + name).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }

    private int prune(String... options) {
        List<String> command = new ArrayList<>(List.of("prune"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--socket", folder.resolve("c.sock").toString()));
        CommandContext context = new CommandContext(
                new PrintWriter(out),
                new PrintWriter(err, true),
                Map.of("DOCKER_HOST", "unix://" + folder.resolve("d.sock")),
                () -> {
                    pauses++;
                    meanwhile.run();
                });
        return Commands.run(
                context,
                (directory, settings, deployment) -> {
                    throw new EngineException(ErrorCode.UNSUPPORTED, "no engine in this test");
                },
                command.toArray(String[]::new));
    }
}
