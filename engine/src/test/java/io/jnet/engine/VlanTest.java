package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.Vlans;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The VLANs of a network's containers: theirs from the start, mended, and gone with their links. */
class VlanTest {
    private static final String HOST_LINK = "jv1234567890abc";
    private static final Vlans FIVE = new Vlans(OptionalInt.of(5), List.of(), false);
    private static final NetworkSpec SPEC = spec(WEB, "10.1.0.1/24").in(FIVE);

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
    void aContainerIsInItsNetworksVlan() {
        fixture.engine().createNetwork(SPEC);
        fixture.joined(ONE, "10.1.0.2/24");
        assertThat(fixture.host.vlans).containsEntry(HOST_LINK, "vlan 5");
        assertThat(fixture.engine().difference(WEB, ONE)).isEmpty();
        assertThat(fixture.engine().network(WEB.value()).spec().vlans()).contains(FIVE);
        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.vlans).isEmpty();
    }

    @Test
    void aRestartPutsAPortBack() {
        fixture.engine().createNetwork(SPEC);
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.vlans.clear();
        assertThat(fixture.engine().difference(WEB, ONE)).contains("not in vlan 5");
        fixture.restart();
        assertThat(fixture.host.vlans).containsEntry(HOST_LINK, "vlan 5");
        assertThat(fixture.engine().difference(WEB, ONE)).isEmpty();
    }

    @Test
    void aNetworkWithoutVlansAsksForNone() {
        fixture.web();
        fixture.engine().createEndpoint(endpointSpec(ONE, "10.1.0.2/24"));
        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(fixture.host.vlans).isEmpty();
        assertThat(fixture.engine().difference(WEB, ONE)).isEmpty();
    }

    @Test
    void theVlansOfANetworkDoNotChange() {
        fixture.engine().createNetwork(SPEC);
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24")))
                .withMessageContaining("other properties");
    }
}
