package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortSelection;
import io.jnet.engine.port.Protocol;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
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
    void restartKnowsEverythingAndChangesNothing() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        String before = fixture.host.dump();

        fixture.restart();

        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(fixture.engine().endpoints()).extracting(Endpoint::id).containsExactly(ONE);
        assertThat(fixture.engine().status().publishedPorts()).isEqualTo(1);
        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.ports).isEmpty();
    }

    @Test
    void portsCanBePublishedAnewAfterARestart() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.restart();

        assertThat(fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)))).hasSize(1);
        assertThat(fixture.host.ports).containsExactly("8080/tcp *");
    }

    @Test
    void rebootBuildsNetworksAgainAndForgetsEndpoints() {
        String bridge = fixture.web().bridgeMac().toString();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));

        fixture.reboot();

        assertThat(fixture.host.links).hasSize(1);
        assertThat(fixture.host.links.get("jbr-aaaa1111aaa")).contains(bridge);
        assertThat(fixture.host.firewall.owner()).isPresent();
        assertThat(fixture.host.admitted).isTrue();
        assertThat(fixture.host.settings)
                .as("forwarding, before a container")
                .containsEntry("net/ipv4/conf/eth0/forwarding", "0");
        assertThat(fixture.engine().endpoints()).isEmpty();
        assertThat(fixture.joined(ONE, "10.1.0.2/24").id()).isEqualTo(ONE);
        assertThat(fixture.host.settings).containsEntry("net/ipv4/conf/eth0/forwarding", "1");
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.settings).containsEntry("net/ipv4/conf/eth0/forwarding", "0");
    }

    @Test
    void endpointWhoseContainerVanishedMeanwhileGoesWithItsPorts() {
        fixture.web();
        Endpoint gone = fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.host.links.remove(gone.hostLink().value());
        fixture.host.links.remove(gone.peerLink().value());

        fixture.restart();

        assertThat(fixture.engine().endpoints()).extracting(Endpoint::id).containsExactly(TWO);
        assertThat(fixture.host.ports).isEmpty();
        assertThat(fixture.host.published()).isEmpty();
    }

    @Test
    void endpointThatHasLeftGoesWithItsLinks() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().leave(WEB, ONE);

        fixture.restart();

        assertThat(fixture.engine().endpoints()).isEmpty();
        assertThat(fixture.host.links).hasSize(1);
    }

    @Test
    void endpointThatHasNotJoinedYetIsKept() {
        fixture.web();
        fixture.endpoint(ONE, "10.1.0.2/24");

        fixture.restart();

        assertThat(fixture.engine().join(WEB, ONE, "sandbox").link()).hasToString("jp1234567890abc");
    }

    @Test
    void portTakenMeanwhileStaysPublishedAndIsSaid() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.engine().close();
        fixture.host.ports.add("8080/tcp *");

        try (EngineFixture other = fixture) {
            StoredEngine engine = StoredEngine.open(directory, fixture.host.connect());
            assertThat(engine.status().clashes()).isEqualTo(1);
            assertThat(engine.clashes()).singleElement().satisfies(clash -> assertThat(clash.text())
                    .contains("8080/tcp"));
            assertThat(fixture.host.published()).hasSize(1);

            engine.publishMore(WEB, ONE, List.of(tcp(8081, 81)));
            assertThat(engine.clashes()).as("another port leaves it as it is").hasSize(1);
            assertThat(fixture.host.published()).hasSize(2);
            engine.unpublish(
                    WEB,
                    ONE,
                    List.of(new PortSelection(Protocol.TCP, Optional.empty(), PortRange.of(8080), Optional.empty())));
            assertThat(engine.clashes()).isEmpty();
            assertThat(fixture.host.published()).hasSize(1);
            assertThat(fixture.host.ports)
                    .as("it is not ours to give back")
                    .containsExactly("8080/tcp *", "8081/tcp *");
            engine.close();
            other.restart();
        }
        fixture = new EngineFixture(directory.resolve("other"));
    }

    @Test
    void bridgeThatSomebodyTookIsSaidAndDoesNotKeepTheOthers() {
        fixture.web();
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.host.links.put("jbr-aaaa1111aaa", "somebody else's");

        fixture.restart();

        assertThat(fixture.engine().status().notes()).singleElement().asString().contains("jbr-aaaa1111aaa");
        assertThat(fixture.host.links).containsKey("jbr-bbbb2222bbb");
    }
}
