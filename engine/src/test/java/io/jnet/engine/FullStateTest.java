package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.store.SmallStore;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that is full: what is new is refused as a whole, what is there goes on and can be removed. */
class FullStateTest {
    private static final int RECORD = 20_000;

    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private String empty;
    private int records;
    private int endpoints;

    @BeforeEach
    void fill() {
        fixture = new EngineFixture(namespace -> SmallStore.open(directory.resolve("state"), namespace));
        empty = fixture.host.dump();
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/16"));
        fixture.joined(ONE, "10.1.0.2/16");
        fixture.endpoint(TWO, "10.1.0.3/16");
        records = SmallStore.fill(fixture.engine().store(), RECORD);
        endpoints =
                SmallStore.untilFull(i -> fixture.endpoint(number(i), "10.1." + (1 + i / 200) + "." + i % 200 + "/16"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatIsNewIsRefusedAndNothingOfItIsLeft() {
        assertRefused(() -> fixture.engine().createNetwork(spec(DB, "10.2.0.1/24")));
        assertRefused(() -> fixture.engine().createEndpoint(endpointSpec(number(9_999), "10.1.0.9/16")));
        assertRefused(() -> fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80))));
    }

    @Test
    void theEngineSaysSoUntilThereIsRoomAgain() {
        assertThat(fixture.engine().troubles()).singleElement().asString().contains("all of its");
        for (int i = 0; i < records; i++) {
            SmallStore.remove(fixture.engine().store(), i);
        }
        assertThat(fixture.engine().troubles()).isEmpty();
    }

    @Test
    void whatIsThereCanBeUsedAndRemovedAndThenThereIsRoomAgain() {
        fixture.engine().join(WEB, TWO, "/nowhere/netns/two");
        fixture.restart();
        for (int i = 0; i < endpoints; i++) {
            fixture.engine().deleteEndpoint(WEB, number(i));
        }
        for (EndpointId id : List.of(ONE, TWO)) {
            fixture.engine().leave(WEB, id);
            fixture.engine().deleteEndpoint(WEB, id);
        }
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.dump()).isEqualTo(empty);
        for (int i = 0; i < records; i++) {
            SmallStore.remove(fixture.engine().store(), i);
        }
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/16"));
        fixture.joined(ONE, "10.1.0.2/16");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        assertThat(SmallStore.fill(fixture.engine().store(), RECORD)).isGreaterThan(records * 9 / 10);
    }

    private void assertRefused(ThrowingCallable addition) {
        String host = fixture.host.dump();
        var networks = fixture.engine().networks();
        var all = fixture.engine().endpoints();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(addition).isInstanceOfSatisfying(EngineException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.EXHAUSTED);
                assertThat(refused.getMessage())
                        .contains("MiB are in use: remove what is not needed any more")
                        .doesNotContain("\n");
            });
            assertThat(fixture.host.dump()).isEqualTo(host);
            assertThat(fixture.engine().networks()).isEqualTo(networks);
            assertThat(fixture.engine().endpoints()).isEqualTo(all);
        }
    }

    private static EndpointId number(int number) {
        return new EndpointId("%064x".formatted(number + 1));
    }
}
