package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ruleset is told of an endpoint's port, and when. */
class PortSecurityTest {
    private static final Set<NetworkFlag> SECURED = Set.of(NetworkFlag.INTER_CONTAINER, NetworkFlag.PORT_SECURITY);

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
    void aPortIsKnownFromTheJoinToTheDeletionOfItsEndpoint() {
        secured();
        Endpoint endpoint = fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");
        assertThat(rules()).as("created only").isEmpty();

        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(rules())
                .contains(
                        "secured_ports { \"jv1234567890abc\" }",
                        "port_macs { \"jv1234567890abc\" . " + endpoint.mac() + " }",
                        "port_addresses4 { \"jv1234567890abc\" . 10.1.0.2 }",
                        "port_addresses6 { \"jv1234567890abc\" . fd00:1::2 }",
                        "port_targets6 { \"jv1234567890abc\" . 0xfd000001000000000000000000000002 }")
                .hasSize(8);

        fixture.engine().leave(WEB, ONE);
        assertThat(rules()).as("left, but the link may still be there").hasSize(8);
        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(rules()).isEmpty();
    }

    @Test
    void theLinkLocalAddressIsTheOneThatTheMacAddressMakes() {
        secured();
        fixture.engine()
                .createEndpoint(new EndpointSpec(
                        WEB,
                        ONE,
                        List.of(IpPrefix.parse("10.1.0.2/24")),
                        Optional.of(MacAddress.parse("02:42:0a:01:00:02"))));
        fixture.engine().join(WEB, ONE, "sandbox");

        assertThat(rules()).contains("port_addresses6 { \"jv1234567890abc\" . fe80::42:aff:fe01:2 }");
    }

    @Test
    void aRestartKnowsThePortsAndARebootNone() {
        secured();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.endpoint(TWO, "10.1.0.3/24");
        List<String> before = rules();

        fixture.restart();
        assertThat(rules()).isEqualTo(before).isNotEmpty();

        fixture.reboot();
        assertThat(rules()).isEmpty();
        fixture.joined(ONE, "10.1.0.2/24");
        assertThat(rules()).isEqualTo(before);
    }

    @Test
    void aJoinThatFailsLeavesNoRule() {
        secured();
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.endpoint(ONE, "10.1.0.2/24");
        List<String> before = rules();
        for (int request = 1; request <= 2; request++) {
            fixture.host.failAt(request);
            assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox")).hasMessageContaining("injected");
            assertThat(rules()).isEqualTo(before);
        }
        fixture.host.failAt(0);
        fixture.engine().join(WEB, ONE, "sandbox");
        assertThat(rules()).hasSizeGreaterThan(before.size());
    }

    @Test
    void anOrdinaryNetworkTellsNothingOfItsPorts() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");

        assertThat(rules()).isEmpty();
    }

    @Test
    void portsThatMayHaveRoutersAreKnown() {
        fixture.engine().createNetwork(EngineFixture.spec(WEB, Set.of(NetworkFlag.ROUTERS), "10.1.0.1/24"));
        fixture.joined(ONE, "10.1.0.2/24");

        assertThat(rules()).containsExactly("router_ports { \"jv1234567890abc\" }");
    }

    private void secured() {
        fixture.engine().createNetwork(EngineFixture.spec(WEB, SECURED, "10.1.0.1/24", "fd00:1::1/64"));
    }

    private List<String> rules() {
        return fixture.host
                .firewall
                .dump()
                .lines()
                .filter(line -> line.contains("port_") || line.contains("_ports"))
                .toList();
    }
}
