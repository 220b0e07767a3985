package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports and rates of containers whose links another program has made. */
class ForeignLinkTest {
    private static final InterfaceName LINK = new InterfaceName("veth0");
    private static final String SETTING = "net/ipv4/conf/cni0/route_localnet";
    private static final Bandwidth BOTH =
            new Bandwidth(Optional.of(RateLimit.of(8_000_000)), Optional.of(RateLimit.of(1_000_000)));

    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
        fixture.engine().createNetwork(EngineFixture.spec(WEB, Set.of(NetworkFlag.FOREIGN_LINKS)));
        fixture.host.links.put("cni0", "another program's");
        fixture.host.links.put(LINK.value(), "another program's");
        fixture.host.ways.put("10.9.0.2", "cni0");
        fixture.host.settings.put(SETTING, "0");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEndpointHasNoLinkOfItsOwnAndLeavesTheOthers() {
        String before = fixture.host.dump();
        assertThat(before).as("a network without a bridge").doesNotContain("jbr-");
        adopted(ONE, "10.9.0.2/16");
        assertThat(fixture.host.published()).hasSize(1);
        assertThat(fixture.host.firewall.dump()).contains("foreign_targets4");
        assertThat(fixture.host.settings).containsEntry(SETTING, "1");
        assertThat(fixture.host.shaping).containsOnlyKeys(LINK.value());

        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void whatFailsAtAnyStepLeavesNothing() {
        String before = fixture.host.dump();
        int request = 0;
        boolean done = false;
        while (!done) {
            fixture.host.failAt(++request);
            try {
                adopted(ONE, "10.9.0.2/16");
                done = fixture.host.requests() < request;
            } catch (EngineException failed) {
                assertThat(failed).hasMessageContaining("injected");
            }
            fixture.host.failAt(0);
            if (done) {
                fixture.engine().deleteEndpoint(WEB, ONE);
            }
            assertThat(fixture.host.dump()).as("request " + request).isEqualTo(before);
            assertThat(fixture.engine().endpoints()).isEmpty();
        }
        assertThat(request).isGreaterThan(5);
    }

    @Test
    void aRestartChangesNothing() {
        adopted(ONE, "10.9.0.2/16");
        String before = fixture.host.dump();
        fixture.restart();
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void theInterfaceIsItsOwnersAgainWithTheLastPort() {
        fixture.host.links.put("veth1", "another program's");
        fixture.host.ways.put("10.9.0.3", "cni0");
        adopted(ONE, "10.9.0.2/16");
        fixture.engine()
                .adopt(endpointSpec(TWO, "10.9.0.3/16"), new InterfaceName("veth1"), "", List.of(tcp(8081, 80)));
        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.settings).containsEntry(SETTING, "1");
        fixture.engine().publish(WEB, TWO, List.of());
        assertThat(fixture.host.settings).containsEntry(SETTING, "0");
    }

    @Test
    void whatItsOwnerHasSwitchedOnStaysOn() {
        fixture.host.settings.put(SETTING, "1");
        adopted(ONE, "10.9.0.2/16");
        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.settings).containsEntry(SETTING, "1");
    }

    @Test
    void anEndpointGoesWithItsLink() {
        adopted(ONE, "10.9.0.2/16");
        fixture.host.links.remove(LINK.value());
        fixture.host.change();
        fixture.await(() -> fixture.engine().endpoints().isEmpty());
        fixture.await(() -> "0".equals(fixture.host.settings.get(SETTING)));
        assertThat(fixture.host.published()).isEmpty();
    }

    /** Nothing tells of a change any more. */
    @Test
    void aRemovalThatFailedIsTriedAgain() {
        adopted(ONE, "10.9.0.2/16");
        fixture.host.links.remove(LINK.value());
        fixture.host.failNext("unshape");
        fixture.host.change();
        fixture.await(() -> fixture.engine().endpoints().isEmpty());
        assertThat(fixture.host.shaping).isEmpty();
    }

    @Test
    void refusesAddressesThatLeadElsewhere() {
        fixture.engine().createNetwork(EngineFixture.spec(EngineFixture.DB, "10.2.0.1/24"));
        assertThatThrownBy(() -> fixture.engine().adopt(endpointSpec(ONE, "10.2.0.9/24"), LINK, "", List.of()))
                .hasMessageContaining("10.2.0.9/24 is in subnet 10.2.0.0/24");
        adopted(ONE, "10.9.0.2/16");
        assertThatThrownBy(() -> fixture.engine().adopt(endpointSpec(TWO, "10.9.0.2/16"), LINK, "", List.of()))
                .hasMessageContaining("belongs to endpoint " + ONE);
        assertThatThrownBy(() -> fixture.engine().createEndpoint(endpointSpec(TWO, "10.9.0.4/16")))
                .hasMessageContaining("links that another program makes");
    }

    private void adopted(EndpointId id, String address) {
        fixture.engine()
                .adopt(endpointSpec(id, address).shapedTo(BOTH), LINK, "/nowhere/netns/one", List.of(tcp(8080, 80)));
    }
}
