package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an endpoint is shaped to: made with its link, mended, and gone with it. */
class ShapingTest {
    private static final String HOST_LINK = "jv1234567890abc";
    private static final String SHAPER = "ji1234567890abc";
    private static final Bandwidth BOTH =
            new Bandwidth(Optional.of(RateLimit.of(8_000_000)), Optional.of(new RateLimit(1_000_000, 100_000)));

    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEndpointIsShapedFromItsJoinToItsDeletion() {
        fixture.web();
        String before = fixture.host.dump();
        create(BOTH);
        assertThat(fixture.host.dump()).as("created only").isEqualTo(before);

        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(fixture.host.shaping).containsOnlyKeys(HOST_LINK).containsValue(BOTH.toString());
        assertThat(fixture.host.links).containsKey(SHAPER);
        assertThat(difference()).isEmpty();

        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.links).doesNotContainKeys(HOST_LINK, SHAPER);
        assertThat(fixture.host.shaping).isEmpty();
    }

    @Test
    void anEndpointThatMaySendAsFastAsItCanHasNoLinkForIt() {
        fixture.web();
        Endpoint endpoint = create(new Bandwidth(Optional.of(RateLimit.of(8_000_000)), Optional.empty()));
        fixture.engine().join(WEB, ONE, "sandbox");

        assertThat(endpoint.shaper()).isEmpty();
        assertThat(fixture.host.shaping).containsOnlyKeys(HOST_LINK);
        assertThat(fixture.host.links).doesNotContainKey(SHAPER);
    }

    @Test
    void anEndpointWithoutLimitsIsNotShaped() {
        fixture.web();
        fixture.joined(TWO, "10.1.0.3/24");
        assertThat(fixture.host.shaping).isEmpty();
        assertThat(fixture.engine().difference(WEB, TWO)).isEmpty();
        assertThat(fixture.engine().endpoint(TWO.value()).spec().bandwidth()).isEqualTo(Bandwidth.UNLIMITED);
    }

    @Test
    void aJoinThatFailsAtAnyStepLeavesNothing() {
        fixture.web();
        fixture.joined(TWO, "10.1.0.3/24");
        create(BOTH);
        String before = fixture.host.dump();
        // The veth pair, and the two requests of its shaping.
        for (int request = 1; request <= 3; request++) {
            fixture.host.failAt(request);
            assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox")).hasMessageContaining("injected");
            assertThat(fixture.host.dump()).isEqualTo(before);
            assertThat(fixture.engine().endpoint(ONE.value()).state()).isEqualTo(EndpointState.CREATED);
        }
        fixture.host.failAt(0);
        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(fixture.host.shaping).containsKey(HOST_LINK);
    }

    @Test
    void whatCouldNotBeRemovedGoesAtTheNextStart() {
        fixture.host.deaf = true;
        fixture.web();
        String before = fixture.host.dump();
        // The link, and what delays its packets.
        for (int request = 1; request <= 2; request++) {
            create(BOTH);
            fixture.engine().join(WEB, ONE, "sandbox");
            fixture.host.failAt(request);
            assertThatThrownBy(() -> fixture.engine().deleteEndpoint(WEB, ONE)).hasMessageContaining("injected");
            fixture.host.failAt(0);

            fixture.restart();
            assertThat(fixture.engine().endpoints()).isEmpty();
            assertThat(fixture.host.links).doesNotContainKeys(HOST_LINK, SHAPER);
        }
        assertThat(fixture.host.links.toString()).isEqualTo(before.substring(6, before.indexOf("\nshaping")));
    }

    /** The ifb link is in the host's namespace and does not go with the veth pair. */
    @Test
    void aContainerThatVanishesTakesItsShapingAlong() {
        fixture.web();
        create(BOTH);
        fixture.engine().join(WEB, ONE, "sandbox");
        vanish();

        fixture.host.change();

        fixture.await(() -> fixture.engine().endpoints().isEmpty());
        assertThat(fixture.host.links).doesNotContainKey(SHAPER);
    }

    @Test
    void aContainerThatVanishesWhileNoDaemonRunsTakesItsShapingAlong() {
        fixture.web();
        create(BOTH);
        fixture.engine().join(WEB, ONE, "sandbox");
        vanish();

        fixture.restart();

        assertThat(fixture.host.links).doesNotContainKey(SHAPER);
    }

    @Test
    void aRestartChangesNothingAndMendsWhatIsGone() {
        fixture.web();
        create(BOTH);
        fixture.engine().join(WEB, ONE, "sandbox");
        String before = fixture.host.dump();
        fixture.restart();
        assertThat(fixture.host.dump()).isEqualTo(before);

        fixture.host.links.remove(SHAPER);
        fixture.host.shaping.clear();
        assertThat(difference()).contains("not shaped to " + BOTH);
        fixture.restart();
        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(difference()).isEmpty();
    }

    @Test
    void aLinkThatSomebodyDeletesIsMadeAgainAtOnce() {
        fixture.web();
        create(BOTH);
        fixture.engine().join(WEB, ONE, "sandbox");
        fixture.host.links.remove(SHAPER);

        fixture.host.change();

        fixture.await(() -> fixture.host.links.containsKey(SHAPER));
    }

    @Test
    void aRebootForgetsIt() {
        fixture.web();
        create(BOTH);
        fixture.engine().join(WEB, ONE, "sandbox");

        fixture.reboot();

        assertThat(fixture.host.shaping).isEmpty();
        assertThat(fixture.engine().endpoints()).isEmpty();
    }

    @Test
    void aLinkOfSomebodyElseIsLeftAlone() {
        fixture.web();
        create(BOTH);
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.host.links.put(SHAPER, "somebody else's");
        String before = fixture.host.dump();

        assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox")).hasMessageContaining(SHAPER);

        assertThat(fixture.host.dump()).isEqualTo(before);
        fixture.host.links.remove(SHAPER);
        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(fixture.host.links).containsKey(SHAPER);
    }

    @Test
    void aRateWithoutABurstGetsOneThatSuitsIt() {
        assertThat(RateLimit.of(1_000_000).burst()).as("two largest packets").isEqualTo(1 << 20);
        assertThat(RateLimit.of(1_000_000_000).burst()).as("25 ms").isEqualTo(25_000_000);
        assertThat(RateLimit.of(RateLimit.MAX_RATE).burst()).isEqualTo(RateLimit.MAX_BURST);
        assertThat(new RateLimit(1_000_007, 15).bytesPerSecond()).isEqualTo(125_000);
        assertThat(new RateLimit(1_000_007, 15).burstBytes()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"999, 1, rate 999", "1000000000000001, 1, rate", "1000, 0, burst 0", "1000, 34359738361, burst"})
    void refusesWhatIsOutOfBounds(long rate, long burst, String message) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new RateLimit(rate, burst))
                .withMessageContaining("invalid " + message)
                .extracting(EngineException::code)
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private Endpoint create(Bandwidth bandwidth) {
        return fixture.engine().createEndpoint(endpointSpec(ONE, "10.1.0.2/24").shapedTo(bandwidth));
    }

    private Optional<String> difference() {
        return fixture.engine().difference(WEB, ONE);
    }

    private void vanish() {
        fixture.host.links.remove(HOST_LINK);
        fixture.host.links.remove("jp1234567890abc");
        fixture.host.shaping.remove(HOST_LINK);
    }
}
