package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Unrecorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnrecordedObjectsTest {
    private static final String STATE = "state.lmdb";

    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private String instance;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        instance = fixture.engine().status().instance();
        fixture.engine().close();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEmptyStateChangesNothingAndSaysWhatItFound() {
        String before = kernel();
        try (StoredEngine engine = another("empty")) {
            assertThat(kernel()).isEqualTo(before);
            assertThat(engine.status().unrecorded())
                    .containsExactly(
                            new Unrecorded("table inet jnet", instance),
                            new Unrecorded("bridge jbr-aaaa1111aaa", instance),
                            new Unrecorded("link jv1234567890abc", instance));
            assertRefused(engine, () -> engine.createNetwork(spec(DB, "10.2.0.1/24")));
            fixture.host.change();
            assertThat(kernel()).isEqualTo(before);
        }
        fixture.start();
        assertThat(kernel()).isEqualTo(before);
        assertThat(fixture.engine().standstill()).isEmpty();
    }

    @Test
    void anOlderCopyOfTheStateChangesNothing() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().close();
        String before = kernel();

        try (StoredEngine engine = another("copy")) {
            assertThat(engine.status().unrecorded())
                    .containsExactly(
                            new Unrecorded("bridge jbr-bbbb2222bbb", instance),
                            new Unrecorded("link jvfedcba0987654", instance));
            for (ThrowingCallable change : List.<ThrowingCallable>of(
                    () -> engine.createNetwork(spec(DB, "10.2.0.1/24")),
                    () -> engine.createEndpoint(EngineFixture.endpointSpec(TWO, "10.1.0.3/24")),
                    () -> engine.leave(WEB, ONE),
                    () -> engine.unpublish(WEB, ONE),
                    () -> engine.deleteEndpoint(WEB, ONE),
                    () -> engine.deleteNetwork(WEB))) {
                assertRefused(engine, change);
            }
            assertThat(engine.endpoints()).extracting(Endpoint::id).containsExactly(ONE);
            assertThat(kernel()).isEqualTo(before);
        }
    }

    @Test
    void cleaningRemovesOneStatesObjectsAndLetsTheEngineBegin() {
        try (StoredEngine engine = another("empty")) {
            assertThatThrownBy(() -> engine.clean("0".repeat(32)))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            assertThat(engine.clean(instance)).hasSize(3);
            assertThat(fixture.host.links).isEmpty();
            assertThat(fixture.host.firewall.owner()).isEmpty();
            assertThat(fixture.host.admitted).isFalse();
            assertThat(fixture.host.settings)
                    .as("forwarding that the lost state had opened")
                    .containsEntry("net/ipv4/conf/eth0/forwarding", "0");
            assertThat(engine.standstill()).isEmpty();
            assertThat(engine.createNetwork(spec(DB, "10.2.0.1/24")).id()).isEqualTo(DB);
        }
    }

    @Test
    void whatHasGoneByItselfIsWaitedForNoMore() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().close();

        try (StoredEngine engine = another("copy")) {
            assertRefused(engine, () -> engine.createNetwork(spec(DB, "10.2.0.1/24")));
            fixture.host.links.remove("jvfedcba0987654");

            assertThat(engine.createNetwork(spec(DB, "10.2.0.1/24")).id()).isEqualTo(DB);
            assertThat(engine.standstill()).isEmpty();
        }
    }

    @Test
    void cleaningWhatHasGoneByItselfLetsTheEngineBegin() {
        List<Unrecorded> removed = withAllGone(engine -> engine.clean(instance));
        assertThat(removed).isEmpty();
    }

    @Test
    void adoptingWhatHasGoneByItselfLetsTheEngineBegin() {
        assertThat(withAllGone(engine -> engine.adoptLostState(Optional.empty(), Completeness.REQUIRED))
                        .rebuilt())
                .isEmpty();
    }

    private <T> T withAllGone(Function<StoredEngine, T> command) {
        try (StoredEngine engine = another("empty")) {
            assertThat(engine.standstill()).isPresent();
            fixture.host.links.clear();
            fixture.host.firewall.uninstall();

            T answer = command.apply(engine);
            assertThat(engine.standstill()).isEmpty();
            return answer;
        }
    }

    @Test
    void cleaningTheOwnInstanceKeepsWhatTheStateKnows() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        String before = kernel();
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().close();

        try (StoredEngine engine = another("copy")) {
            engine.clean(instance);
            assertThat(engine.standstill()).isEmpty();
            assertThat(kernel()).isEqualTo(before);
        }
    }

    /** The copy is of a time before the first container, for which forwarding was opened. */
    @Test
    void cleaningTheOwnInstanceEndsForwardingThatTheStateHasNotRecorded() throws IOException {
        fixture.start();
        fixture.engine().deleteEndpoint(WEB, ONE);
        fixture.engine().deleteNetwork(WEB);
        fixture.web();
        fixture.engine().close();
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        String before = kernel();
        fixture.start();
        fixture.joined(ONE, "10.1.0.2/24");
        assertThat(kernel()).contains("conf/eth0/forwarding=1");
        fixture.engine().close();

        try (StoredEngine engine = another("copy")) {
            engine.clean(instance);
            assertThat(kernel()).isEqualTo(before);
        }
    }

    @Test
    void aForgedMarkOnALinkThatIsOutOfPlaceIsNobodysWord() {
        fixture.host.links.put("eth7", "jnet " + instance + " endpoint forged");
        fixture.host.links.put("eth8", "jnet " + "0".repeat(32) + " network forged");
        fixture.start();
        assertThat(fixture.engine().standstill()).isEmpty();
        assertThat(fixture.host.links).containsKeys("eth7", "eth8");
    }

    /** What outlives a process. */
    private String kernel() {
        return fixture.host.dump().replaceAll("\nports .*", "");
    }

    private StoredEngine another(String folder) {
        return StoredEngine.open(directory.resolve(folder), fixture.host.connect());
    }

    private static void assertRefused(StoredEngine engine, ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessage(engine.standstill().orElseThrow());
    }
}
