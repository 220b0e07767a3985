package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.tcp;
import static io.jnet.engine.StoredEngineTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that are removed only when no container uses them. */
class UnusedEndpointTest {
    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
        fixture.web();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void oneThatNobodyHasJoinedGoes() {
        String before = fixture.host.dump();
        fixture.engine().createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));

        fixture.engine().deleteUnusedEndpoint(WEB, ONE);

        assertThat(fixture.engine().endpoints()).isEmpty();
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void oneThatItsContainerHasLeftGoesWithItsLink() {
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().leave(WEB, ONE);

        fixture.engine().deleteUnusedEndpoint(WEB, ONE);

        assertThat(fixture.engine().endpoints()).isEmpty();
        assertThat(fixture.host.links).doesNotContainKey(endpoint.hostLink().value());
    }

    @Test
    void oneInUseStaysWithItsPorts() {
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        String before = fixture.host.dump();

        assertRefused(ErrorCode.CONFLICT, () -> fixture.engine().deleteUnusedEndpoint(WEB, ONE), "is in use");

        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(fixture.engine().endpoint(ONE.value()).ports()).hasSize(1);
    }

    /** Its runtime was killed between asking for the interface and starting the container. */
    @Test
    void oneWhoseContainerWasNeverStartedGoesWhenItsPortIsWanted() {
        fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().join(WEB, ONE, directory.resolve("netns").toString());
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.joined(TWO, "10.1.0.3/24");
        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.engine().publish(WEB, TWO, List.of(tcp(8080, 80))),
                "is already published");

        fixture.engine().runtimeStarted();
        fixture.engine().publish(WEB, TWO, List.of(tcp(8080, 80)));

        assertThat(fixture.engine().endpoints()).extracting(Endpoint::id).containsExactly(TWO);
    }

    @Test
    void norDoesItKeepItsAddress() {
        fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().join(WEB, ONE, directory.resolve("netns").toString());
        fixture.engine().runtimeStarted();

        fixture.joined(TWO, "10.1.0.2/24");

        assertThat(fixture.engine().endpoints()).extracting(Endpoint::id).containsExactly(TWO);
    }

    @Test
    void oneThatIsNotThereIsNoError() {
        fixture.engine().deleteUnusedEndpoint(WEB, TWO);

        assertThat(fixture.engine().endpoints()).isEmpty();
    }
}
