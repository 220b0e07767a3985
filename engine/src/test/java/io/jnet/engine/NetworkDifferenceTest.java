package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine says of a network that does not connect its containers. */
class NetworkDifferenceTest {
    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private Network web;
    private String bridge;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory);
        web = fixture.web();
        bridge = web.bridge().value();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aNetworkAsItWasMadeHasNone() {
        assertThat(difference()).isEmpty();
        assertThatThrownBy(() -> fixture.engine().networkDifference(DB)).hasMessage("no network " + DB);
    }

    @Test
    void aBridgeThatIsDownIsToBeSetUp() {
        fixture.host.down.add(bridge);
        assertThat(difference())
                .contains("bridge " + bridge + " of network " + web.displayName() + " is down: ip link set " + bridge
                        + " up");
    }

    @Test
    void aBridgeThatIsGoneIsBuiltAgainByARestartAndGetsItsContainersBack() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.restart();
        assertThat(fixture.host.attached).as("of a bridge that was there").isEmpty();

        fixture.host.links.remove(bridge);
        assertThat(difference().orElseThrow())
                .contains(bridge, web.displayName(), "is gone: jnet builds it again, unless jnet status says why not");
        fixture.restart();
        assertThat(difference()).isEmpty();
        assertThat(fixture.host.attached).containsExactly(endpoint.hostLink().value());
    }

    @Test
    void aLinkOfAnotherIsNotTheBridge() {
        fixture.host.links.put(bridge, "ethernet");
        assertThat(difference().orElseThrow()).contains(bridge, "is not jnet's: remove that");
        fixture.host.links.remove(bridge);
    }

    @Test
    void aRulesetThatCannotBePutBackIsMissed() {
        String installed = fixture.host.firewall.owner().toString();
        fixture.host.firewall.uninstall();
        assertThat(difference()).as("somebody is at it").isEmpty();

        fixture.host.firewall.fail(new EngineException(ErrorCode.KERNEL, "no memory"));
        fixture.host.change();
        fixture.await(() -> difference().isPresent());
        assertThat(difference().orElseThrow()).contains("ruleset", "no memory");

        fixture.host.firewall.recover();
        fixture.host.change();
        fixture.await(() -> difference().isEmpty());
        assertThat(fixture.host.firewall.owner()).hasToString(installed);
    }

    private Optional<String> difference() {
        return fixture.engine().networkDifference(WEB);
    }
}
