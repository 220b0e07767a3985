package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks on bridges that were there before them, and bridges that stay. */
class BridgeAdoptionTest {
    private static final String OWNERS = "bridge 7 192.0.2.1/24";

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
    void aBridgeThatIsThereIsUsedAndLeftAsItWas() {
        fixture.host.links.put("br0", OWNERS);
        String before = fixture.host.dump();

        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        assertThat(fixture.host.links).containsEntry("br0", OWNERS + " 10.1.0.1/24");
        assertThat(fixture.host.firewall.dump()).contains("gateways4 { 10.1.0.1 }");

        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void anAddressThatIsThereStaysItsOwners() {
        fixture.host.links.put("br0", "bridge 7 10.1.0.1/24");

        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        assertThat(fixture.host.links).containsEntry("br0", "bridge 7 10.1.0.1/24");
        assertThat(fixture.host.firewall.dump())
                .as("reached from elsewhere as before")
                .doesNotContain("gateways4");

        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).containsEntry("br0", "bridge 7 10.1.0.1/24");
    }

    @Test
    void aBridgeThatIsNotThereIsMadeAndGoesWithTheNetwork() {
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        assertThat(fixture.host.links.get("br0")).startsWith("jnet ");
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).doesNotContainKey("br0");
    }

    @Test
    void nothingIsLeftWhenAnyRequestFails() {
        fixture.host.links.put("br0", OWNERS);
        String before = fixture.host.dump();
        NetworkSpec spec = on("br0", WEB, "10.1.0.1/24");
        fixture.host.failAt(0);
        fixture.engine().createNetwork(spec);
        int requests = fixture.host.requests();
        fixture.engine().deleteNetwork(WEB);
        for (int i = 1; i <= requests; i++) {
            fixture.host.failAt(i);
            assertThatThrownBy(() -> fixture.engine().createNetwork(spec)).isInstanceOf(EngineException.class);
            fixture.host.failAt(0);
            assertThat(fixture.host.dump()).as("request %s", i).isEqualTo(before);
        }
    }

    @Test
    void anotherNetworksBridgeAndWhatIsNoBridgeAreRefused() {
        fixture.web();
        String web = fixture.engine().network("aaaa").bridge().value();
        assertThatThrownBy(() -> fixture.engine().createNetwork(on(web, DB, "10.2.0.1/24")))
                .hasMessageStartingWith("link " + web);
        fixture.host.links.put("eth7", "ethernet");
        assertThatThrownBy(() -> fixture.engine().createNetwork(on("eth7", DB, "10.2.0.1/24")))
                .hasMessageContaining("eth7 exists and is not a bridge");
    }

    @Test
    void aRestartKnowsWhatWasAdded() {
        fixture.host.links.put("br0", OWNERS);
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        fixture.restart();
        assertThat(fixture.engine().status().notes()).isEmpty();
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).containsEntry("br0", OWNERS);
    }

    @Test
    void aBridgeThatIsMissingIsSaidAndUsedWhenItIsBack() {
        fixture.host.links.put("br0", OWNERS);
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        fixture.reboot();
        assertThat(fixture.host.links).doesNotContainKey("br0");
        assertThat(fixture.engine().status().notes())
                .containsExactly("bridge br0 of network aaaa1111aaaa is missing: jnet did not make it,"
                        + " make it again and jnet uses it at once");
        fixture.endpoint(ONE, "10.1.0.2/24");
        assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox")).hasMessageContaining("no bridge br0");

        fixture.host.links.put("br0", "bridge 9 192.0.2.1/24 10.1.0.1/24");
        fixture.host.change();
        fixture.host.change();
        while (!fixture.host.isWatchIdle()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(fixture.engine().status().notes()).isEmpty();
        fixture.engine().join(WEB, ONE, "sandbox");
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).containsEntry("br0", "bridge 9 192.0.2.1/24 10.1.0.1/24");
    }

    /** Its owner makes the link first: what comes after it is still the owner's to give. */
    @Test
    void anAddressOfItsOwnersIsWaitedForWhenTheBridgeIsBack() {
        fixture.host.links.put("br0", "bridge 7 10.1.0.1/24");
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        fixture.reboot();

        fixture.host.links.put("br0", "bridge 9");
        fixture.host.change();
        fixture.await(() -> fixture.engine()
                .status()
                .notes()
                .equals(List.of("bridge br0 of network aaaa1111aaaa has lost its address 10.1.0.1/24:"
                        + " ip address add 10.1.0.1/24 dev br0")));
        fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().join(WEB, ONE, "sandbox");
        fixture.restart();
        assertThat(fixture.host.links).containsEntry("br0", "bridge 9");

        fixture.host.links.put("br0", "bridge 9 10.1.0.1/24");
        assertThat(fixture.engine().status().notes()).isEmpty();
        assertThat(fixture.host.firewall.dump())
                .as("reached from elsewhere as before")
                .doesNotContain("gateways4");
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).containsEntry("br0", "bridge 9 10.1.0.1/24");
    }

    @Test
    void anAddressThatTheNetworkAddedComesBackWithTheBridge() {
        fixture.host.links.put("br0", OWNERS);
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        fixture.reboot();

        fixture.host.links.put("br0", "bridge 9");
        fixture.host.change();
        fixture.await(() -> "bridge 9 10.1.0.1/24".equals(fixture.host.links.get("br0")));
        fixture.host.links.put("br0", "bridge 9 10.1.0.1/24 192.0.2.1/24");
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links).containsEntry("br0", "bridge 9 192.0.2.1/24");
    }

    /** What comes after the record is made up for. */
    @Test
    void aBridgeThatIsBackIsTakenAsAWholeThoughARequestFailed() {
        fixture.host.links.put("br0", OWNERS);
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        int index = 9;
        for (String request : List.of("adopt br0", "keep MAC address of br0")) {
            String back = "bridge " + index++;
            fixture.host.failNext(request);
            fixture.host.links.put("br0", back);
            fixture.host.change();

            fixture.await(() -> fixture.host.keptMacs.contains(back + " 10.1.0.1/24"));
        }
    }

    @Test
    void aBridgeMarkedAsDockersOwnOutlivesItsNetwork() {
        Set<NetworkFlag> flags = new HashSet<>(spec(WEB, "10.1.0.1/24").flags());
        flags.add(NetworkFlag.LASTING_BRIDGE);
        NetworkSpec lasting = spec(WEB, flags, "10.1.0.1/24");
        fixture.engine().createNetwork(lasting);
        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.links.values()).containsExactly("bridge 1 given up");
        assertThat(fixture.engine().networks()).isEmpty();
    }

    @Test
    void anInternalNetworkDoesNotCutTheHostOffFromItsOwnBridge() {
        fixture.host.links.put("br0", OWNERS);
        fixture.host.bridges.add(
                new HostBridge(new InterfaceName("br0"), Set.of(IpAddress.parse("192.0.2.1")), HostBridge.Use.UPLINK));
        String before = fixture.host.dump();

        assertThatThrownBy(() -> fixture.engine().createNetwork(internal("10.1.0.1/24", GatewayMode.NAT)))
                .hasMessageStartingWith("bridge br0 has address 192.0.2.1, which nobody on it could reach");
        assertThatThrownBy(() -> fixture.engine().createNetwork(internal("192.0.2.1/24", GatewayMode.ISOLATED)))
                .hasMessageStartingWith("bridge br0 has address 192.0.2.1, which nobody on it could reach");
        assertThatThrownBy(() -> fixture.engine().createNetwork(withoutAddresses("br0")))
                .hasMessageContaining("could reach with a network without addresses there");
        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(fixture.engine().networks()).isEmpty();

        fixture.engine().createNetwork(internal("192.0.2.1/24", GatewayMode.NAT));
        assertThat(fixture.engine().networks()).hasSize(1);
    }

    @Test
    void aBridgeThatIsTheHostsWayOutIsItAgainWhenItsNetworkGoes() {
        fixture.host.links.put("br0", OWNERS);
        fixture.host.bridges.add(
                new HostBridge(new InterfaceName("br0"), Set.of(IpAddress.parse("192.0.2.1")), HostBridge.Use.UPLINK));
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        assertThat(fixture.host.firewall.dump()).contains("uplink_bridges { \"br0\" }");

        fixture.engine().createNetwork(on("br0", WEB, "192.0.2.1/24"));
        fixture.host.change();
        fixture.await(() -> !fixture.host.firewall.dump().contains("uplink_bridges"));

        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.firewall.dump()).contains("uplink_bridges { \"br0\" }");
    }

    @Test
    void theStatusIsToldAlsoWhenSomethingElseHasTheBridgesName() {
        fixture.host.links.put("br0", OWNERS);
        fixture.engine().createNetwork(on("br0", WEB, "10.1.0.1/24"));
        fixture.host.links.put("br0", "ethernet");
        assertThat(fixture.engine().status().notes())
                .containsExactly("network aaaa1111aaaa has no bridge: link br0 exists and is not a bridge");
    }

    private static NetworkSpec internal(String gateway, GatewayMode mode) {
        NetworkSpec spec = spec(WEB, gateway);
        return new NetworkSpec(
                WEB,
                spec.name(),
                Optional.of(new InterfaceName("br0")),
                spec.subnets(),
                spec.mtu(),
                spec.interfacePrefix(),
                spec.hostBinding(),
                Set.of(NetworkFlag.INTERNAL),
                new Exterior(new FamilyPolicy(mode, Optional.empty()), FamilyPolicy.DEFAULT, List.of(), List.of()));
    }

    private static NetworkSpec withoutAddresses(String bridge) {
        return on(bridge, WEB, spec(WEB));
    }

    private static NetworkSpec on(String bridge, NetworkId id, String gateway) {
        return on(bridge, id, spec(id, gateway));
    }

    private static NetworkSpec on(String bridge, NetworkId id, NetworkSpec spec) {
        return new NetworkSpec(
                id,
                spec.name(),
                Optional.of(new InterfaceName(bridge)),
                spec.subnets(),
                spec.mtu(),
                spec.interfacePrefix(),
                spec.hostBinding(),
                spec.flags());
    }
}
