package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void admissionThatSomebodyRemovedComesBack() {
        fixture.web();
        fixture.host.admitted = false;

        fixture.host.change();

        await(() -> fixture.host.admitted);
    }

    @Test
    void hostWithoutNetworksIsLeftAlone() {
        fixture.host.uplinkBridges.add(new InterfaceName("br0"));
        fixture.host.failAt(0);

        fixture.host.change();
        await(fixture.host::isWatchIdle);
        fixture.host.change();
        await(fixture.host::isWatchIdle);

        assertThat(fixture.host.requests()).isZero();
    }

    @Test
    void bridgeThatBecomesAnUplinkIsFollowed() {
        fixture.web();
        fixture.host.uplinkBridges.add(new InterfaceName("br0"));

        fixture.host.change();
        await(() -> fixture.host.firewall.dump().contains("uplink_bridges { \"br0\" }"));

        fixture.host.uplinkBridges.clear();
        fixture.host.change();
        await(() -> !fixture.host.firewall.dump().contains("uplink_bridges"));
    }

    @Test
    void endpointWhoseLinkVanishedIsForgottenAndAnotherOneIsNot() {
        fixture.web();
        Endpoint gone = fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.host.links.remove(gone.hostLink().value());

        fixture.host.change();

        await(() -> fixture.engine().endpoints().size() == 1);
        assertThat(fixture.engine().endpoint("fedc").id()).isEqualTo(TWO);
        assertThat(fixture.host.published()).isEmpty();
        assertThat(fixture.host.ports).isEmpty();
    }

    @Test
    void failureDoesNotEndTheWatch() {
        fixture.web();
        fixture.host.failAt(1);
        fixture.host.change();
        await(() -> fixture.host.requests() > 0);
        fixture.host.admitted = false;

        fixture.host.change();

        await(() -> fixture.host.admitted);
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("condition within %s", PATIENCE).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
