package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.link.HostBridge;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that does not forward is opened for jnet's networks, interface by interface, and is what it was afterwards. */
class InterfaceForwardingTest {
    private static final String SWITCH4 = "net/ipv4/ip_forward";
    private static final String SWITCH6 = "net/ipv6/conf/all/forwarding";
    private static final String ETH0_4 = "net/ipv4/conf/eth0/forwarding";
    private static final String ETH1_4 = "net/ipv4/conf/eth1/forwarding";
    private static final String ETH2_4 = "net/ipv4/conf/eth2/forwarding";
    private static final String ETH0_6 = "net/ipv6/conf/eth0/force_forwarding";
    private static final String BRIDGE_4 = "net/ipv4/conf/jbr-aaaa1111aaa/forwarding";
    private static final Map<String, String> OPEN = Map.of(ETH0_4, "1", ETH1_4, "1", BRIDGE_4, "1", ETH0_6, "1");
    private static final String GUARD = "opened4 { \"eth0\" }";

    @TempDir
    private Path directory;

    @Test
    void mainSwitchesStayAsTheyAre() {
        try (EngineFixture fixture = fixture("switch")) {
            String before = fixture.host.dump();
            start(fixture);
            assertThat(fixture.host.settings)
                    .containsAllEntriesOf(OPEN)
                    .containsEntry(SWITCH4, "0")
                    .containsEntry(SWITCH6, "0")
                    .containsEntry("net/ipv4/conf/all/accept_redirects", "1")
                    .containsEntry("net/ipv6/conf/eth0/forwarding", "0")
                    .containsEntry("net/ipv6/conf/eth0/accept_ra", "1");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void whatIsChangedIsListedWithTheValueBefore() {
        try (EngineFixture fixture = fixture("status")) {
            fixture.web();
            assertThat(fixture.engine().status().hostChanges())
                    .as("before a container")
                    .isEmpty();
            fixture.host.sysctl(ETH1_4, "1");

            fixture.joined(ONE, "10.1.0.2/24");

            assertThat(fixture.engine().status().hostChanges())
                    .as("not eth1, which forwarded before")
                    .containsExactly(
                            new Status.HostChange("net.ipv4.conf.eth0.forwarding", "0", "1"),
                            new Status.HostChange("net.ipv4.conf.jbr-aaaa1111aaa.forwarding", "0", "1"));
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings).containsEntry(ETH1_4, "1").containsEntry(ETH0_4, "0");
        }
    }

    @Test
    void internalNetworkOpensNothing() {
        try (EngineFixture fixture = fixture("internal")) {
            fixture.engine().createNetwork(spec(WEB, Set.of(NetworkFlag.INTERNAL), "10.1.0.1/24"));
            fixture.joined(ONE, "10.1.0.2/24");

            assertThat(fixture.host.settings).containsEntry(ETH0_4, "0").containsEntry(BRIDGE_4, "0");
        }
    }

    @Test
    void everythingButNetworksIsGuarded() {
        try (EngineFixture fixture = fixture("guard")) {
            fixture.host.plugIn("virbr0");
            fixture.host.bridges.add(new HostBridge(new InterfaceName("virbr0"), Set.of(), HostBridge.Use.GUESTS));
            start(fixture);

            assertThat(fixture.host.firewall.dump())
                    .contains(GUARD, "opened4 { \"virbr0\" }", "opened6 { \"eth1\" }")
                    .contains("closed_bridges4 { \"virbr0\" }", "same_bridge { \"virbr0\" . \"virbr0\" }")
                    .doesNotContain("opened4 { \"jbr-", "closed_bridges4 { \"jbr-");
        }
    }

    @Test
    void guardComesBeforeAndGoesAfter() {
        try (EngineFixture fixture = fixture("order")) {
            fixture.web();
            fixture.endpoint(ONE, "10.1.0.2/24");
            fixture.host.failAt(1);
            assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox")).hasMessageContaining("surroundings");
            fixture.host.failAt(2);
            assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox"))
                    .hasMessageContaining("write " + ETH0_4);
            assertThat(fixture.host.firewall.dump()).doesNotContain(GUARD);

            fixture.host.failAt(0);
            fixture.engine().join(WEB, ONE, "sandbox");
            assertThat(fixture.host.firewall.dump()).contains(GUARD);
            assertThat(fixture.host.settings).containsEntry(ETH0_4, "1");
            fixture.host.deaf = true;
            // A veth, a bridge, the admission; then the settings.
            fixture.host.failAt(5);
            assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB)).hasMessageContaining("write net/ipv4/conf");
            assertThat(fixture.host.firewall.dump()).contains(GUARD);
        }
    }

    @Test
    void hostThatForwardsAlreadyIsLeftAlone() {
        try (EngineFixture fixture = fixture("already")) {
            fixture.host.sysctl(SWITCH4, "1");
            fixture.host.sysctl(SWITCH6, "1");
            start(fixture);

            assertThat(fixture.engine().status().hostChanges()).isEmpty();
            assertThat(fixture.host.firewall.dump()).doesNotContain("opened");
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings)
                    .containsEntry(SWITCH4, "1")
                    .containsEntry(ETH0_4, "1")
                    .containsEntry(SWITCH6, "1");
        }
    }

    @Test
    void whoSwitchesForwardingOnHasItWithoutGuard() {
        try (EngineFixture fixture = fixture("on")) {
            start(fixture);
            fixture.host.sysctl(SWITCH4, "1");
            fixture.host.sysctl(SWITCH6, "1");

            fixture.host.change();

            fixture.await(() -> fixture.engine().status().hostChanges().isEmpty());
            fixture.await(() -> !fixture.host.firewall.dump().contains("opened"));
            assertThat(fixture.host.settings).as("jnet's alone").containsEntry(ETH0_6, "0");
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings).containsEntry(ETH0_4, "1").containsEntry(SWITCH6, "1");
        }
    }

    @Test
    void whoSwitchedForwardingOnWhileNoDaemonRanHasItToo() {
        try (EngineFixture fixture = fixture("away")) {
            start(fixture);
            fixture.engine().close();
            fixture.host.sysctl(SWITCH4, "1");

            fixture.restart();

            assertThat(fixture.host.firewall.dump()).doesNotContain("opened4").contains("opened6");
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings).containsEntry(ETH0_4, "1").containsEntry(ETH0_6, "0");
        }
    }

    @Test
    void whoSwitchedForwardingOnUnnoticedIsNotSwitchedOff() {
        try (EngineFixture fixture = fixture("unnoticed")) {
            start(fixture);
            fixture.host.sysctl(SWITCH4, "1");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings).containsEntry(ETH0_4, "1").containsEntry(ETH1_4, "1");
        }
    }

    @Test
    void whoSwitchesForwardingOffAgainDoesNotTakeItFromNetworks() {
        try (EngineFixture fixture = fixture("off")) {
            String before = fixture.host.dump();
            start(fixture);
            fixture.host.sysctl(SWITCH4, "1");
            fixture.host.change();
            fixture.await(() -> !fixture.host.firewall.dump().contains("opened4"));

            fixture.host.sysctl(SWITCH4, "0");
            // Overwrites force_forwarding of every interface, though it was 0 already.
            fixture.host.sysctl(SWITCH6, "0");
            fixture.host.change();

            fixture.await(() -> fixture.host.settings.entrySet().containsAll(OPEN.entrySet()));
            assertThat(fixture.host.firewall.dump()).contains(GUARD);
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void singleInterfaceThatItsOwnerSwitchedOffStaysOff() {
        try (EngineFixture fixture = fixture("owner")) {
            start(fixture);
            fixture.host.sysctl(ETH1_4, "0");
            fixture.host.plugIn("eth2");

            fixture.host.change();

            fixture.await(() -> fixture.host.settings.get(ETH2_4).equals("1"));
            assertThat(fixture.host.settings).containsEntry(ETH1_4, "0");
            assertThat(fixture.engine().status().notes())
                    .singleElement()
                    .asString()
                    .startsWith("somebody else has switched net.ipv4.conf.eth1.forwarding off, and jnet leaves it so");

            fixture.host.sysctl(ETH1_4, "1");
            assertThat(fixture.engine().status().notes()).isEmpty();
        }
    }

    /** The bridge of a network that is not in use forwards nothing yet, whatever the owner does. */
    @Test
    void itStaysOffWhenAnotherNetworkGoes() {
        try (EngineFixture fixture = fixture("networks")) {
            start(fixture);
            fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
            fixture.host.sysctl(ETH1_4, "0");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings).containsEntry(ETH1_4, "0");
        }
    }

    /** Idle networks' bridges stay closed, and say nothing of what the owner does. */
    @Test
    void itStaysOffWhileNoNetworkIsInUse() {
        try (EngineFixture fixture = fixture("idle")) {
            start(fixture);
            fixture.engine().leave(WEB, ONE);
            fixture.engine().deleteEndpoint(WEB, ONE);
            fixture.host.sysctl(ETH0_4, "0");
            fixture.host.sysctl(ETH1_4, "0");
            fixture.host.sysctl(BRIDGE_4, "0");

            for (int i = 0; i < 3; i++) {
                fixture.host.change();
                fixture.await(fixture.host::isWatchIdle);
            }

            assertThat(fixture.host.settings).containsEntry(ETH1_4, "0");
        }
    }

    @Test
    void anInterfaceThatTakesTheNameOfAnotherWasSwitchedOffByNobody() {
        try (EngineFixture fixture = fixture("newcomer")) {
            start(fixture);
            fixture.host.pullOut("eth1");
            fixture.host.plugIn("eth1");
            assertThat(fixture.host.settings).containsEntry(ETH1_4, "0");
            assertThat(fixture.engine().status().notes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"surroundings", "write " + ETH2_4})
    void whatCouldNotBeOpenedWasSwitchedOffByNobody(String request) {
        try (EngineFixture fixture = fixture("failure")) {
            start(fixture);
            fixture.host.plugIn("eth2");
            fixture.host.failNext(request);
            fixture.host.change();

            fixture.await(() -> {
                assertThat(fixture.engine().status().notes()).isEmpty();
                return fixture.host.settings.get(ETH2_4).equals("1");
            });
            assertThat(fixture.host.firewall.dump()).contains("opened4 { \"eth2\" }");
        }
    }

    @Test
    void aBridgeThatIsSwitchedOffOnAHostThatForwardsIsTold() {
        try (EngineFixture fixture = fixture("bridge")) {
            fixture.host.sysctl(SWITCH4, "1");
            fixture.host.sysctl(SWITCH6, "1");
            start(fixture);
            assertThat(fixture.engine().status().notes()).isEmpty();

            fixture.host.sysctl("net/ipv4/conf/jbr-aaaa1111aaa/forwarding", "0");

            assertThat(fixture.engine().status().notes())
                    .singleElement()
                    .asString()
                    .contains("net.ipv4.conf.jbr-aaaa1111aaa.forwarding");
        }
    }

    @Test
    void interfacesThatComeAndGoAreFollowed() {
        try (EngineFixture fixture = fixture("follow")) {
            start(fixture);
            fixture.host.plugIn("eth2");
            fixture.host.change();
            fixture.await(() -> fixture.host.settings.get(ETH2_4).equals("1"));
            assertThat(fixture.host.firewall.dump()).contains("opened4 { \"eth2\" }");

            fixture.host.pullOut("eth2");
            fixture.host.plugIn("eth2");
            fixture.host.change();
            fixture.await(() -> fixture.host.settings.get(ETH2_4).equals("1"));

            fixture.host.rename("eth2", "wan");
            fixture.host.change();
            fixture.await(() -> fixture.host.firewall.dump().contains("opened4 { \"wan\" }"));

            fixture.host.pullOut("eth1");
            fixture.host.change();
            fixture.await(() -> !fixture.host.firewall.dump().contains("opened4 { \"eth1\" }"));
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings)
                    .containsEntry("net/ipv4/conf/wan/forwarding", "0")
                    .containsEntry(ETH0_4, "0");
            assertThat(fixture.engine().status().hostChanges()).isEmpty();
        }
    }

    /** As a tunnel does when it loses its address. */
    @Test
    void anInterfaceThatWouldNotBeOpenedNowIsGuardedAsLongAsItForwards() {
        try (EngineFixture fixture = fixture("tunnel")) {
            start(fixture);
            fixture.host.uplinks.remove("eth1");
            fixture.host.change();
            fixture.host.change();
            while (!fixture.host.isWatchIdle()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(fixture.host.settings).containsEntry(ETH1_4, "1");
            assertThat(fixture.host.firewall.dump()).contains("opened4 { \"eth1\" }");
        }
    }

    private EngineFixture fixture(String name) {
        return new EngineFixture(directory.resolve(name));
    }

    private static void start(EngineFixture fixture) {
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");
    }
}
