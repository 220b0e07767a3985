package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.link.HostBridge;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before Linux 6.17 IPv6 forwarding is switched for the whole host, which overwrites other settings: they are what they were afterwards. */
class OlderKernelForwardingTest {
    private static final String SWITCH = "net/ipv6/conf/all/forwarding";
    private static final String ETH0 = "net/ipv6/conf/eth0/forwarding";
    private static final String ETH1 = "net/ipv6/conf/eth1/forwarding";

    @TempDir
    private Path directory;

    @Test
    void hardenedHostIsWhatItWas() {
        try (EngineFixture fixture = hardened("whole")) {
            String before = fixture.host.dump();
            start(fixture);
            assertThat(fixture.host.settings).containsEntry(SWITCH, "1").containsEntry(ETH1, "1");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void onlyWhatJnetChangedItselfIsListed() {
        try (EngineFixture fixture = hardened("status")) {
            start(fixture);

            assertThat(fixture.engine().status().hostChanges())
                    .extracting(Status.HostChange::setting)
                    .filteredOn(setting -> setting.startsWith("net.ipv6."))
                    .containsExactly("net.ipv6.conf.all.forwarding", "net.ipv6.conf.eth1.accept_ra");
        }
    }

    @Test
    void routersAreListenedToWhereTheyWere() {
        try (EngineFixture fixture = hardened("advertisements")) {
            start(fixture);
            assertThat(fixture.host.settings)
                    .as("eth0 forwarded before and did not listen")
                    .containsEntry("net/ipv6/conf/eth0/accept_ra", "1")
                    .containsEntry("net/ipv6/conf/eth1/accept_ra", "2");

            fixture.host.plugIn("eth2");
            fixture.host.plugIn("eth3");
            fixture.host.settings.put("net/ipv6/conf/eth3/accept_ra", "0");
            fixture.host.change();

            fixture.await(() ->
                    fixture.host.settings.get("net/ipv6/conf/eth2/accept_ra").equals("2"));
            assertThat(fixture.host.settings)
                    .containsEntry("net/ipv6/conf/eth0/accept_ra", "1")
                    .containsEntry("net/ipv6/conf/eth3/accept_ra", "0");
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings)
                    .containsEntry("net/ipv6/conf/eth1/accept_ra", "1")
                    .containsEntry("net/ipv6/conf/eth2/accept_ra", "1");
        }
    }

    @Test
    void uplinksAreGuardedAndBridgesOfOthersAreNot() {
        try (EngineFixture fixture = hardened("guard")) {
            fixture.host.plugIn("docker0");
            fixture.host.plugIn("br0");
            fixture.host.bridges.add(bridge("docker0", HostBridge.Use.GUESTS));
            fixture.host.bridges.add(bridge("br0", HostBridge.Use.UPLINK));
            assertThat(fixture.host.firewall.dump()).doesNotContain("opened6");

            start(fixture);

            assertThat(fixture.host.firewall.dump())
                    .contains("opened6 { \"eth0\" }", "opened6 { \"eth1\" }", "opened6 { \"br0\" }")
                    .contains("closed_bridges6 { \"br0\" }", "same_bridge { \"br0\" . \"br0\" }")
                    .doesNotContain("opened6 { \"docker0\" }", "closed_bridges6 { \"docker0\" }");
        }
    }

    @Test
    void hostThatForwardsAlreadyIsLeftAlone() {
        try (EngineFixture fixture = hardened("already")) {
            fixture.host.sysctl(SWITCH, "1");
            start(fixture);

            assertThat(fixture.host.settings).containsEntry("net/ipv6/conf/eth1/accept_ra", "1");
            assertThat(fixture.host.firewall.dump()).doesNotContain("opened6");
            fixture.engine().deleteNetwork(WEB);
            assertThat(fixture.host.settings).containsEntry(SWITCH, "1");
        }
    }

    @Test
    void whoSwitchesItOffIsNotOverruledAndTold() {
        try (EngineFixture fixture = hardened("off")) {
            start(fixture);
            assertThat(fixture.engine().status().notes()).isEmpty();
            fixture.host.sysctl(SWITCH, "0");

            fixture.host.change();
            fixture.await(fixture.host::isWatchIdle);
            fixture.engine().createEndpoint(endpointSpec(TWO, "10.1.0.3/24"));
            fixture.engine().join(WEB, TWO, "sandbox");

            assertThat(fixture.host.settings).containsEntry(SWITCH, "0");
            assertThat(fixture.engine().status().notes())
                    .singleElement()
                    .asString()
                    .startsWith("somebody else has switched net.ipv6.conf.all.forwarding off, and jnet leaves it so");

            fixture.host.sysctl(SWITCH, "1");
            assertThat(fixture.engine().status().notes()).isEmpty();
        }
    }

    @Test
    void nextNetworkBeginsAnew() {
        try (EngineFixture fixture = hardened("again")) {
            start(fixture);
            fixture.engine().deleteNetwork(WEB);
            fixture.host.settings.put(ETH0, "0");
            String before = fixture.host.dump();

            start(fixture);
            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void whatSomebodyElseChangedMeanwhileIsTheirs() {
        try (EngineFixture fixture = hardened("theirs")) {
            start(fixture);
            fixture.host.settings.put(ETH0, "0");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings).containsEntry(ETH0, "0");
        }
    }

    @Test
    void interfaceThatWentMeanwhileIsNoObstacle() {
        try (EngineFixture fixture = hardened("gone")) {
            start(fixture);
            fixture.host.pullOut("eth0");
            fixture.host.pullOut("eth1");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings).containsEntry(SWITCH, "0").doesNotContainKeys(ETH0, ETH1);
            assertThat(fixture.engine().status().hostChanges()).isEmpty();
        }
    }

    @Test
    void switchThatFailedAfterItWasRecordedLeavesNothing() {
        // Requests of a join on this network: the guard and three interfaces, accept_ra, the guard and the switch, the
        // link.
        for (int n = 1; n <= 8; n++) {
            try (EngineFixture fixture = hardened("on" + n)) {
                String before = fixture.host.dump();
                fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
                fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");
                fixture.host.failAt(n);
                assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox"))
                        .hasMessageContaining("injected");
                fixture.host.failAt(0);
                fixture.restart();

                fixture.engine().deleteNetwork(WEB);

                assertThat(fixture.host.dump()).isEqualTo(before);
            }
        }
    }

    @Test
    void switchBackThatFailedIsFinishedAtTheNextStart() {
        int requests = Integer.MAX_VALUE;
        for (int n = 0; n <= requests; n++) {
            try (EngineFixture fixture = hardened("back" + n)) {
                fixture.host.deaf = true;
                String before = fixture.host.dump();
                start(fixture);
                fixture.host.failAt(n);
                if (n == 0) {
                    fixture.engine().deleteNetwork(WEB);
                    requests = fixture.host.requests();
                } else {
                    assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB))
                            .hasMessageContaining("injected");
                }
                fixture.host.failAt(0);

                fixture.restart();

                assertThat(fixture.host.dump()).as("request " + n + " failed").isEqualTo(before);
                assertThat(fixture.engine().networks()).isEmpty();
            }
        }
        assertThat(requests).as("kernel requests, five settings among them").isGreaterThan(5);
    }

    /** A host that forwards on one interface though not on all. */
    private EngineFixture hardened(String name) {
        EngineFixture fixture = new EngineFixture(directory.resolve(name));
        fixture.host.withoutForwardingOfSingleInterfaces();
        fixture.host.settings.put(ETH0, "1");
        fixture.restart();
        return fixture;
    }

    private static void start(EngineFixture fixture) {
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");
    }

    private static HostBridge bridge(String name, HostBridge.Use use) {
        return new HostBridge(new InterfaceName(name), Set.of(), use);
    }
}
