package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rates and bursts of a configuration, kept by the real kernel for real connections. */
@KernelTest
class BandwidthKernelTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String WEB =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true,
             "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}%s}
            """;
    /** 5 MB/s towards the container, 10 MB/s from it. */
    private static final String SHAPED =
            """
            , "runtimeConfig": {"Bandwidth": {"IngressRate": 40000000, "IngressBurst": 800000,
                                              "EgressRate": 80000000, "EgressBurst": 800000}}""";

    private static final int MEGABYTE = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Of a transfer with a limit, on a busy machine. */
    private static final Duration SLOWEST = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private PluginHost jnet;
    private String address = "";

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
    }

    @AfterEach
    void close() {
        jnet.close();
    }

    /** 5 MB, of which 0.1 MB are the burst: about 1 s in, 0.5 s out. Without limits both take some milliseconds. */
    @Test
    void bothRatesAreKept() {
        result("ADD", "");
        Duration in = fastest(() -> received(5 * MEGABYTE));
        Duration out = fastest(() -> sent(5 * MEGABYTE));
        result("DEL", "");

        result("ADD", SHAPED);
        assertThat(received(5 * MEGABYTE)).isBetween(Duration.ofMillis(900), SLOWEST);
        assertThat(sent(5 * MEGABYTE)).isBetween(Duration.ofMillis(440), SLOWEST);
        assertThat(in).as("without a limit").isLessThan(Duration.ofMillis(900));
        assertThat(out).as("without a limit").isLessThan(Duration.ofMillis(440));
        result("DEL", "");
    }

    @Test
    void theConfigurationsOwnRatesAreKept() {
        result("ADD", ", \"ingressRate\": 40000000, \"ingressBurst\": 800000");
        assertThat(received(3 * MEGABYTE)).isBetween(Duration.ofMillis(500), SLOWEST);
        assertThat(fastest(() -> sent(3 * MEGABYTE))).isLessThan(Duration.ofMillis(500));
    }

    /** One bit of burst would let no packet pass. */
    @Test
    void aBurstThatIsTooSmallForAPacketStallsNothing() {
        result(
                "ADD",
                """
                , "ingressRate": 80000000, "ingressBurst": 1, "egressRate": 80000000, "egressBurst": 1, "mtu": 4000""");
        assertThat(received(MEGABYTE)).isBetween(Duration.ofMillis(50), SLOWEST);
        assertThat(sent(MEGABYTE)).isBetween(Duration.ofMillis(50), SLOWEST);
        jnet.inside.call(() -> Commands.run("ping", "-c", "1", "-W", "5", "-M", "do", "-s", "3972", "10.88.0.1"));
        Commands.run("ping", "-c", "1", "-W", "5", "-M", "do", "-s", "3972", address);
    }

    @Test
    void theResultNamesTheLinkThatDelaysBeforeTheContainersOwn() {
        JsonNode result = result("ADD", SHAPED);
        String shaper = result.at("/interfaces/2/name").asString();
        assertThat(shaper).startsWith("ji");
        assertThat(Commands.run("ip", "-o", "-d", "link", "show", shaper))
                .contains("ifb", result.at("/interfaces/2/mac").asString());
        assertThat(result.at("/interfaces/3/name").asString()).isEqualTo("eth0");
        assertThat(result.at("/ips/0/interface").asInt()).isEqualTo(3);
    }

    @Test
    void aCheckFindsALimitThatIsGone() {
        JsonNode result = result("ADD", SHAPED);
        String previous = ", \"prevResult\": " + result;
        String host = result.at("/interfaces/1/name").asString();
        result("CHECK", previous);

        Commands.run("tc", "qdisc", "delete", "dev", host, "root");

        CniAnswer answer = call("CHECK", previous);
        assertThat(new String(answer.output(), UTF_8)).contains("\"code\":103", host + " has lost its limit");
    }

    @Test
    void nothingIsLeftOfAContainerThatWasShaped() {
        result("ADD", "");
        result("DEL", "");
        String before = dump();
        result("ADD", SHAPED);
        assertThat(dump()).isNotEqualTo(before);
        result("DEL", SHAPED);
        awaitDump(before);
    }

    @Test
    void nothingIsLeftOfAContainerWhoseNamespaceEnds() {
        result("ADD", "");
        result("DEL", "");
        String before = dump();
        result("ADD", SHAPED);
        jnet.endContainer();
        // The record goes last.
        await(() -> dump().equals(before) && jnet.engine.endpoints().isEmpty());
        jnet.startContainer();
    }

    @Test
    void nothingIsLeftOfAnAdditionThatCannotBeShaped() {
        JsonNode result = result("ADD", SHAPED);
        String shaper = result.at("/interfaces/2/name").asString();
        result("DEL", "");
        String before = dump();
        Commands.run("ip", "link", "add", shaper, "type", "bridge");

        CniAnswer answer = call("ADD", SHAPED);

        assertThat(new String(answer.output(), UTF_8)).contains("\"code\":100", "link " + shaper + " exists");
        Commands.run("ip", "link", "delete", shaper);
        awaitDump(before);
        assertThat(jnet.inside.links()).isEmpty();
        result("ADD", SHAPED);
    }

    /** Of three: other work of the machine makes the single one slower, and nothing makes one faster. */
    private static Duration fastest(Supplier<Duration> transfer) {
        return Stream.generate(transfer).limit(3).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** How long the container takes to receive so many bytes from the host. */
    private Duration received(int bytes) {
        try (ServerSocket server = jnet.inside.call(() -> listening(address))) {
            return transferred(server, bytes);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** How long the host takes to receive so many bytes from the container. */
    private Duration sent(int bytes) {
        try (ServerSocket server = listening("10.88.0.1")) {
            return jnet.inside.call(() -> transferred(server, bytes));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static ServerSocket listening(String address) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
        server.setSoTimeout((int) PATIENCE.toMillis());
        return server;
    }

    /** Connects, in the namespace of the calling thread, and sends until the other side has everything. */
    private static Duration transferred(ServerSocket server, int bytes) throws IOException {
        try (Socket client = new Socket()) {
            client.connect(server.getLocalSocketAddress(), (int) PATIENCE.toMillis());
            // A write has no time-out of its own.
            CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .execute(() -> close(client));
            try (Socket peer = server.accept()) {
                peer.setSoTimeout((int) PATIENCE.toMillis());
                long begun = System.nanoTime();
                CompletableFuture<Integer> received = CompletableFuture.supplyAsync(() -> drain(peer));
                try (OutputStream out = client.getOutputStream()) {
                    out.write(new byte[bytes]);
                }
                assertThat(received.join()).isEqualTo(bytes);
                return Duration.ofNanos(System.nanoTime() - begun);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static int drain(Socket peer) {
        try (InputStream in = peer.getInputStream()) {
            byte[] buffer = new byte[1 << 16];
            int total = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
            }
            return total;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private JsonNode result(String command, String keys) {
        CniAnswer answer = call(command, keys);
        assertThat(answer.status()).as(new String(answer.output(), UTF_8)).isZero();
        JsonNode result = answer.output().length == 0 ? JSON.nullNode() : JSON.readTree(answer.output());
        if (command.equals("ADD")) {
            address = result.at("/ips/0/address").asString().replace("/24", "");
        }
        return result;
    }

    private CniAnswer call(String command, String keys) {
        Map<String, String> environment = Map.of(
                "CNI_COMMAND", command, "CNI_CONTAINERID", "c1", "CNI_NETNS", "/run/netns/c1", "CNI_IFNAME", "eth0");
        return jnet.plugin.answer(
                new CniRequest(environment, WEB.formatted(keys).getBytes(UTF_8), Optional.of(jnet.container)));
    }

    private static String dump() {
        return Commands.run("ip", "-o", "link").replaceAll("(?m)^[0-9]+: ", "")
                + Commands.run("tc", "qdisc", "show")
                + Commands.run("tc", "actions", "list", "action", "mirred")
                + Commands.run("nft", "list", "ruleset")
                + Commands.run("ip", "neighbour");
    }

    private static void awaitDump(String expected) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!dump().equals(expected) && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(dump()).isEqualTo(expected);
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
