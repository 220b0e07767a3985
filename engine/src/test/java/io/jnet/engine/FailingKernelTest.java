package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kernel request of each operation fails once: what the operation had done is undone. */
class FailingKernelTest {
    @TempDir
    private Path directory;

    @Test
    void firstNetworkLeavesNothing() {
        eachRequestFails(
                fixture -> {}, fixture -> fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64")));
    }

    @Test
    void secondNetworkLeavesTheFirstAlone() {
        eachRequestFails(
                EngineFixture::web, fixture -> fixture.engine().createNetwork(spec(DB, "10.2.0.1/24", "fd00:2::1/64")));
    }

    @Test
    void joinLeavesTheEndpointAsCreated() {
        eachRequestFails(
                fixture -> {
                    fixture.web();
                    fixture.joined(TWO, "10.1.0.3/24");
                    fixture.endpoint(ONE, "10.1.0.2/24");
                },
                fixture -> fixture.engine().join(WEB, ONE, "sandbox"));
    }

    @Test
    void firstJoinLeavesNoSettingBehindWithTheNetwork() {
        // For each family the guard, two uplinks and the bridge; then the link.
        for (int n = 1; n <= 9; n++) {
            try (EngineFixture fixture = new EngineFixture(directory.resolve("first" + n))) {
                String before = fixture.host.dump();
                fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
                fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");
                fixture.host.failAt(n);
                assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox"))
                        .hasMessageContaining("injected");

                fixture.host.failAt(0);
                fixture.engine().deleteNetwork(WEB);

                assertThat(fixture.host.dump()).isEqualTo(before);
            }
        }
    }

    @Test
    void firstJoinLeavesTheHostsSettingsAsTheyWere() {
        eachRequestFails(
                fixture -> {
                    fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
                    fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");
                },
                fixture -> fixture.engine().join(WEB, ONE, "sandbox"));
    }

    @Test
    void publishLeavesNeitherPortNorRule() {
        eachRequestFails(
                fixture -> {
                    fixture.web();
                    fixture.joined(ONE, "10.1.0.2/24");
                },
                fixture -> fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80), tcp(8081, 81))));
    }

    @Test
    void publishOfOthersLeavesThePortsOfBefore() {
        eachRequestFails(
                fixture -> {
                    fixture.web();
                    fixture.joined(ONE, "10.1.0.2/24");
                    fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80), tcp(8081, 81)));
                },
                fixture -> fixture.engine().publish(WEB, ONE, List.of(tcp(8081, 81), tcp(8082, 82))));
    }

    @Test
    void failedDeletionIsFinishedAtTheNextStart() {
        for (int n = 1; n <= 5; n++) {
            try (EngineFixture fixture = new EngineFixture(directory.resolve("delete" + n))) {
                fixture.host.deaf = true;
                String before = fixture.host.dump();
                fixture.web();
                fixture.joined(ONE, "10.1.0.2/24");
                fixture.joined(TWO, "10.1.0.3/24");
                fixture.host.failAt(n);
                assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB)).hasMessageContaining("injected");

                fixture.host.failAt(0);
                fixture.restart();

                assertThat(fixture.host.dump()).isEqualTo(before);
                assertThat(fixture.engine().networks()).isEmpty();
            }
        }
    }

    private void eachRequestFails(Consumer<EngineFixture> given, Consumer<EngineFixture> operation) {
        int requests = Integer.MAX_VALUE;
        for (int n = 1; n <= requests; n++) {
            try (EngineFixture fixture = new EngineFixture(directory.resolve("failing" + n))) {
                given.accept(fixture);
                String before = fixture.host.dump() + fixture.engine().networks() + states(fixture);
                fixture.host.failAt(n);
                if (n == 1) {
                    fixture.host.failAt(0);
                    operation.accept(fixture);
                    requests = fixture.host.requests();
                    continue;
                }
                fixture.host.failAt(n - 1);
                assertThatThrownBy(() -> operation.accept(fixture))
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("injected");

                assertThat(fixture.host.dump() + fixture.engine().networks() + states(fixture))
                        .isEqualTo(before);
                fixture.host.failAt(0);
                operation.accept(fixture);
            }
        }
        assertThat(requests).as("kernel requests of the operation").isPositive();
    }

    private static String states(EngineFixture fixture) {
        return fixture.engine().endpoints().stream()
                .map(endpoint -> endpoint.id() + " " + endpoint.state() + " " + endpoint.ports())
                .toList()
                .toString();
    }
}
