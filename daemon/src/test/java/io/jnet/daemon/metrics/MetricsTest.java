package io.jnet.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.CniPlugin;
import io.jnet.daemon.service.Backend;
import io.jnet.driver.FakeEngine;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.store.StateStore;
import io.jnet.ipam.AddressPools;
import io.jnet.ipam.pool.PoolRequest;
import io.jnet.ipam.pool.PoolSettings;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    /** A line of the text format 0.0.4: name, labels, value. */
    private static final String SAMPLE =
            "jnet_[a-z_]+(\\{[a-z_]+=\"[^\"\\\\]*\"(,[a-z_]+=\"[^\"\\\\]*\")*})? (-?[0-9.]+(E-?[0-9]+)?|\\+Inf|NaN)";

    private static final NetworkId NETWORK = new NetworkId("07".repeat(32));
    private static final EndpointId ENDPOINT = new EndpointId("4f".repeat(32));

    @TempDir
    private Path folder;

    private final FakeEngine engine = new FakeEngine();
    private StateStore store;
    private AddressPools pools;
    private Metrics metrics;

    @BeforeEach
    void start() {
        store = StateStore.open(folder.resolve("state"), "test");
        pools = new AddressPools(store, PoolSettings.DEFAULT, Set::of, Clock.systemUTC(), "boot");
        Backend backend = new Backend(
                engine, pools, new CniPlugin(engine, pools), store, new ArrayDeque<>(List.of(engine, store)));
        metrics = new Metrics(() -> backend, "1.2.3");
        engine.createNetwork(new NetworkSpec(
                NETWORK,
                Optional.of("web"),
                Optional.empty(),
                List.of(new Subnet(IpPrefix.parse("10.77.0.0/24"), Optional.of(IpPrefix.parse("10.77.0.1/24")))),
                OptionalInt.empty(),
                "eth",
                Optional.empty(),
                Set.of(NetworkFlag.MASQUERADE)));
        engine.createEndpoint(
                new EndpointSpec(NETWORK, ENDPOINT, List.of(IpPrefix.parse("10.77.0.2/24")), Optional.empty()));
        engine.join(NETWORK, ENDPOINT, "/netns/1");
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void everyLineIsASampleOrSaysWhatOneIs() {
        publish(1);
        requestPool();
        metrics.operations().ended(FrontEnd.DOCKER, "NetworkDriver.Join", System.nanoTime(), Optional.empty());
        metrics.operations().ended(FrontEnd.CNI, "ADD", System.nanoTime(), Optional.of(ErrorCode.CONFLICT));

        assertThat(text().lines())
                .allMatch(line -> line.matches(SAMPLE)
                        || line.matches("# HELP jnet_[a-z_]+ .+")
                        || line.matches("# TYPE jnet_[a-z_]+ (gauge|counter|histogram)"));
        for (Metric metric : Metric.values()) {
            assertThat(text())
                    .as(metric.text())
                    .contains("# TYPE " + metric.text() + " "
                            + metric.kind().name().toLowerCase(java.util.Locale.ROOT) + "\n");
        }
    }

    @Test
    void operationsAreCountedWithTheirTimeAndErrorsByTheirCategory() {
        long begun = System.nanoTime() - 30_000_000L;
        metrics.operations().ended(FrontEnd.DOCKER, "NetworkDriver.Join", begun, Optional.empty());
        metrics.operations().ended(FrontEnd.DOCKER, "NetworkDriver.Join", begun, Optional.of(ErrorCode.CONFLICT));

        String join = "{front_end=\"docker\",operation=\"NetworkDriver.Join\",result=\"";
        assertThat(text().lines())
                .contains("jnet_operation_duration_seconds_count" + join + "ok\"} 1")
                .contains("jnet_operation_duration_seconds_bucket" + join + "ok\",le=\"0.025\"} 0")
                .contains("jnet_operation_duration_seconds_bucket" + join + "ok\",le=\"10.0\"} 1")
                .contains("jnet_operation_duration_seconds_count" + join + "error\"} 1")
                .contains("jnet_operation_errors_total{code=\"conflict\",front_end=\"docker\"} 1.0");
    }

    @Test
    void whatTheEngineHasIsTold() {
        publish(1);
        requestPool();

        assertThat(text().lines())
                .contains("jnet_networks 1.0")
                .contains("jnet_endpoints{state=\"joined\"} 1.0")
                .contains("jnet_endpoints{state=\"left\"} 0.0")
                .contains("jnet_published_ports 1.0")
                .contains("jnet_mended_total{kind=\"ruleset\"} 2.0")
                .contains("jnet_healthy 1.0")
                .contains("jnet_pool_leases{pool=\"10.90.0.0/24\"} 0.0")
                .contains("jnet_pool_addresses{pool=\"10.90.0.0/24\"} 254.0")
                .contains("jnet_network_bytes_total{direction=\"from_containers\",network=\"web\"} 300.0")
                .contains("jnet_network_packets_total{direction=\"to_containers\",network=\"web\"} 4.0")
                .contains(
                        "jnet_port_connections_total{address=\"0.0.0.0\",network=\"web\",port=\"1\",protocol=\"tcp\"} 7.0")
                .anyMatch(line -> line.matches("jnet_build_info\\{java=\"[^\"]+\",version=\"1.2.3\"} 1.0"));
    }

    @Test
    void anUnhealthyEngineIsSeen() {
        engine.trouble("it stands still");

        assertThat(text().lines()).contains("jnet_healthy 0.0");
        assertThat(metrics.troubles()).containsExactly("it stands still");
    }

    @Test
    void thereAreNeverMoreSeriesThanTheBound() {
        publish(2100);

        assertThat(text().lines().filter(line -> line.startsWith("jnet_port_connections_total{")))
                .hasSize(2000);
        assertThat(text().lines())
                .contains("jnet_left_out{of=\"ports\"} 100.0")
                .contains("jnet_left_out{of=\"networks\"} 0.0");
    }

    @Test
    void noLabelIsNewForEachContainer() {
        assertThat(Arrays.stream(Metric.values()).flatMap(metric -> metric.labels().stream()))
                .doesNotContain("endpoint", "container", "sandbox", "mac");
    }

    private void requestPool() {
        pools.requestPool(new PoolRequest(
                "", AddressFamily.INET, Optional.of(IpPrefix.parse("10.90.0.0/24")), Optional.empty(), false));
    }

    private void publish(int count) {
        engine.publish(
                NETWORK,
                ENDPOINT,
                IntStream.range(0, count)
                        .mapToObj(i -> new PortRequest(
                                Protocol.TCP, Optional.empty(), Optional.of(PortRange.of(1 + 2 * i)), 80))
                        .toList());
    }

    private String text() {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }
}
