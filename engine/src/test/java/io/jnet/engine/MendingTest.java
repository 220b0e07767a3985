package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.network.Network;
import io.jnet.engine.work.Mends;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine does about others who undo its work. */
class MendingTest {
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
    void aBridgeThatSomebodyRemovedIsBuiltAgainWithItsPorts() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        String before = fixture.host.dump();
        fixture.host.links.remove(bridge);

        fixture.host.change();

        fixture.await(() -> mended().equals(Map.of("bridge", 1)));
        // The host forwards for it again too.
        fixture.await(() -> fixture.host.dump().equals(before));
        assertThat(fixture.host.attached).containsExactly(endpoint.hostLink().value());
    }

    @Test
    void aPortThatSomebodyTookOutOfItsBridgeIsPutBackAndNoOther() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.host.detached.add(endpoint.hostLink().value());

        fixture.host.change();

        fixture.await(() -> mended().equals(Map.of("port", 1)));
        assertThat(fixture.host.attached).containsExactly(endpoint.hostLink().value());
    }

    @Test
    void aPortThatSomebodyTookOutWhileNoDaemonRanIsPutBackAtTheStart() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.detached.add(endpoint.hostLink().value());

        fixture.restart();

        assertThat(fixture.host.attached).containsExactly(endpoint.hostLink().value());
    }

    @Test
    void aLinkOfAnotherInABridgesPlaceIsLeftAndToldUntilItGoes() {
        fixture.host.links.put(bridge, "ethernet");
        fixture.host.change();
        fixture.await(() -> !fixture.engine().status().notes().isEmpty());
        assertThat(fixture.engine().status().notes())
                .containsExactly("bridge " + bridge + " is gone, and a link of its name is not jnet's: remove that and"
                        + " jnet builds the bridge again");
        assertThat(fixture.host.links).containsEntry(bridge, "ethernet");

        fixture.host.links.remove(bridge);
        fixture.host.change();
        fixture.await(() -> fixture.host.links.containsKey(bridge));
        fixture.await(() -> fixture.engine().status().notes().isEmpty());
    }

    @Test
    void aRulesetThatIsRemovedAgainAndAgainIsLeftForAMinute() {
        fixture.host.remover = "reloader";
        for (int i = 1; i <= Mends.MOST; i++) {
            removeRuleset();
            int times = i;
            fixture.await(() -> mended().equals(Map.of("ruleset", times)));
        }
        removeRuleset();
        fixture.await(() -> !fixture.engine().status().notes().isEmpty());
        fixture.await(fixture.host::isWatchIdle);
        assertThat(fixture.engine().status().notes())
                .containsExactly(
                        "the ruleset was removed by reloader again and again: left as it is for another 60 seconds");
        assertThat(fixture.host.firewall.isInstalled()).isFalse();
        assertThat(fixture.engine().networkDifference(WEB).orElseThrow()).contains("ruleset", "left so for a minute");

        fixture.host.clock.addAndGet(Mends.TRUCE.toNanos());
        fixture.host.change();
        fixture.await(() -> mended().equals(Map.of("ruleset", Mends.MOST + 1)));
        assertThat(fixture.engine().status().notes()).isEmpty();
        assertThat(fixture.engine().networkDifference(WEB)).isEmpty();
    }

    @Test
    void aBridgeThatIsLeftDoesNotKeepTheRulesFromBeingMended() {
        for (int i = 1; i <= Mends.MOST; i++) {
            fixture.host.down.add(bridge);
            fixture.host.change();
            int times = i;
            fixture.await(() -> mended().equals(Map.of("bridge", times)));
        }
        fixture.host.down.add(bridge);
        removeRuleset();
        fixture.await(() -> mended().containsKey("ruleset"));
        assertThat(fixture.host.down).containsExactly(bridge);
        assertThat(fixture.engine().networkDifference(WEB).orElseThrow()).contains(bridge, "is down");
    }

    @Test
    void anAdmissionThatSomebodyRemovedIsCountedAndTheFirstIsNot() {
        assertThat(fixture.host.admitted).isTrue();
        assertThat(mended()).isEmpty();
        fixture.host.admitted = false;

        fixture.host.change();

        fixture.await(() -> mended().equals(Map.of("forward", 1)));
        assertThat(fixture.host.admitted).isTrue();
    }

    @Test
    void aLinkThatSomebodyRemovedOfALivingContainerIsTold() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.sandboxes.add(endpoint(ONE).sandbox().orElseThrow());
        fixture.host.links.remove(endpoint.hostLink().value());

        fixture.host.change();

        fixture.await(() -> fixture.engine().endpoints().isEmpty());
        assertThat(fixture.engine().status().notes())
                .singleElement()
                .asString()
                .startsWith("somebody has removed link " + endpoint.hostLink() + " of a container of network "
                        + web.displayName() + " with 10.1.0.2,");
    }

    @Test
    void aLinkThatWentWithItsContainerIsNot() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.links.remove(endpoint.hostLink().value());

        fixture.host.change();

        fixture.await(() -> fixture.engine().endpoints().isEmpty());
        assertThat(fixture.engine().status().notes()).isEmpty();
    }

    private Endpoint endpoint(EndpointId id) {
        return fixture.engine().findEndpoint(id).orElseThrow();
    }

    private void removeRuleset() {
        fixture.host.firewall.uninstall();
        fixture.host.change();
    }

    private Map<String, Integer> mended() {
        return fixture.engine().status().mended();
    }
}
