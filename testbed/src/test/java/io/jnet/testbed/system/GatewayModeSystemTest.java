package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The options that say how a network meets the outside, with machines outside. Each is seen beside a network without it. */
@SystemTest
class GatewayModeSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String SUBNET = "10.90.1.0/24";
    private static final String SUBNET_6 = "fd00:90:1::/64";
    private static final String PLAIN = "10.90.2.0/24";
    private static final int ON_HOST = 7000;
    private static final int ON_OUTSIDE = 7001;

    @BeforeAll
    static void routesAndServers() {
        for (String subnet : List.of(SUBNET, PLAIN)) {
            LAB.lab().outside().shell("ip route replace %s via %s".formatted(subnet, Lab.HOST_ADDRESS));
            LAB.lab().outside2().shell("ip route replace %s via %s".formatted(subnet, Lab.HOST_SECOND_ADDRESS));
        }
        LAB.lab().outside().shell("ip -6 route replace %s via %s".formatted(SUBNET_6, Lab.HOST_ADDRESS_6));
        LAB.host().start("bash", "-c", Servers.tellPeer(ON_HOST));
        LAB.lab().outside().start("bash", "-c", Servers.tellPeer(ON_OUTSIDE));
        LAB.lab().outside().start("bash", "-c", Servers.tellPeer6(ON_OUTSIDE));
        Eventually.holds(
                "servers",
                Duration.ofSeconds(10),
                () -> Probe.on(LAB.host()).reaches("127.0.0.1", ON_HOST)
                        && Probe.on(LAB.host()).reaches(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)
                        && Probe.on(LAB.host()).reaches("[" + Lab.OUTSIDE_ADDRESS_6 + "]", ON_OUTSIDE));
    }

    @AfterAll
    static void withdrawRoutes() {
        LAB.lab().outside().shell("ip route delete " + SUBNET + "; ip route delete " + PLAIN);
        LAB.lab().outside2().shell("ip route delete " + SUBNET + "; ip route delete " + PLAIN);
        LAB.lab().outside().shell("ip -6 route delete " + SUBNET_6);
    }

    private static Container serve(String network, String... options) {
        List<String> all = new ArrayList<>(List.of("--network", network));
        all.addAll(List.of(options));
        return LAB.docker()
                .serve(all, Servers.tellPeer(80), Servers.tellPeer6(80), Servers.tellPeer(81), Servers.tellPeer6(81))
                .listeningOn(80, 80, 81, 81);
    }

    private static Probe outside() {
        return Probe.on(LAB.lab().outside());
    }

    private static void createPlain() {
        LAB.createNetwork("plain", "--subnet", PLAIN);
    }

    @Test
    void routedOpensPublishedPortsOfTheContainerAndNothingElse() {
        LAB.createNetwork(
                "routed",
                "--subnet",
                SUBNET,
                "--ipv6",
                "--subnet",
                SUBNET_6,
                "--opt",
                "com.docker.network.bridge.gateway_mode_ipv4=routed",
                "--opt",
                "com.docker.network.bridge.gateway_mode_ipv6=routed");
        createPlain();
        Container routed = serve("routed", "--publish", "8080:80");
        Container plain = serve("plain", "--publish", "8081:80");
        String address = routed.address("routed");
        String address6 = "[" + routed.address6("routed") + "]";

        assertThat(outside().tcp(address, 80)).as("seen with its own address").startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(outside().reaches(address6, 80)).isTrue();
        assertThat(outside().pings(address)).isTrue();
        assertThat(outside().reaches(plain.address("plain"), 80))
                .as("without the option")
                .isFalse();

        assertThat(outside().reaches(address, 81)).as("not published").isFalse();
        assertThat(outside().reaches(address6, 81)).as("not published").isFalse();
        assertThat(FirewallRules.of(LAB).withoutDrops(() -> outside().reaches(address, 81)))
                .as("not published, without the rules")
                .isTrue();
        assertThat(outside().reaches("10.90.1.1", ON_HOST))
                .as("the gateway's address")
                .isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080))
                .as("no port of the host")
                .isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8081))
                .as("without the option")
                .isTrue();

        assertThat(Probe.in(routed).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE))
                .as("leaves with its own address")
                .startsWith(address + " ");
        assertThat(Probe.in(plain).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith(Lab.HOST_ADDRESS + " ");
        assertThat(Probe.in(plain).reaches(address, 80))
                .as("from another network")
                .isTrue();
        assertThat(Probe.in(plain).reaches(address, 81))
                .as("from another network")
                .isFalse();
        assertThat(Probe.in(plain).reaches("10.90.1.1", ON_HOST)).isFalse();

        assertThat(LAB.jnet().run("port", routed.id()).orThrow().lines())
                .containsExactlyInAnyOrder(
                        "80/tcp -> " + address + ":80 by a route", "80/tcp -> " + address6 + ":80 by a route");
        assertThat(LAB.host().shell("ss -Hltn 'sport = 8080'; ss -Hatn 'sport = 8080'"))
                .isEmpty();

        LAB.jnet().stop();
        assertThat(outside().reaches(address, 80)).as("while no daemon runs").isTrue();
        LAB.jnet().startAgain();
        assertThat(outside().reaches(address, 80)).as("after a restart").isTrue();
        routed.remove();
        assertThat(LAB.host().shell("nft list set inet jnet open_ports4")).doesNotContain("elements");
    }

    @Test
    void oneFamilyMayBeRoutedAndTheOtherNot() {
        LAB.createNetwork(
                "mixed",
                "--subnet",
                SUBNET,
                "--ipv6",
                "--subnet",
                SUBNET_6,
                "--opt",
                "com.docker.network.bridge.gateway_mode_ipv6=routed");
        Container container = serve("mixed", "--publish", "8080:80");
        assertThat(outside().reaches("[" + container.address6("mixed") + "]", 80))
                .isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
        assertThat(outside().reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8080)).isFalse();
        assertThat(outside().reaches(container.address("mixed"), 80)).isFalse();
    }

    @Test
    void unprotectedIsOpenByARouteAndTranslated() {
        LAB.createNetwork(
                "unprotected",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected");
        createPlain();
        Container open = serve("unprotected", "--publish", "8080:80");
        Container plain = serve("plain");
        assertThat(outside().reaches(open.address("unprotected"), 81)).isTrue();
        assertThat(outside().pings(open.address("unprotected"))).isTrue();
        assertThat(outside().reaches(plain.address("plain"), 81))
                .as("without the option")
                .isFalse();
        assertThat(outside().tcp(Lab.HOST_ADDRESS, 8080)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(Probe.in(open).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith(Lab.HOST_ADDRESS + " ");
    }

    @Test
    void trustedInterfacesReachPublishedPortsOfTheContainer() {
        LAB.createNetwork(
                "trusting",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.trusted_host_interfaces=nonesuch:eth1");
        Container container = serve("trusting", "--publish", "127.0.0.1:8080:80");
        String address = container.address("trusting");
        Probe trusted = Probe.on(LAB.lab().outside2());
        assertThat(trusted.tcp(address, 80)).startsWith(Lab.OUTSIDE2_ADDRESS + " ");
        assertThat(trusted.reaches(address, 81)).as("not published").isFalse();
        assertThat(outside().reaches(address, 80))
                .as("by an interface that is not trusted")
                .isFalse();
        assertThat(Probe.on(LAB.host()).reaches("127.0.0.1", 8080)).isTrue();
    }

    @Test
    void isolatedContainersAndTheHostDoNotReachEachOther() {
        LAB.createNetwork(
                "isolated",
                "--internal",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.gateway_mode_ipv4=isolated",
                "--opt",
                "com.docker.network.bridge.name=isolated0");
        LAB.createNetwork("inner", "--internal", "--subnet", PLAIN);
        Container one = serve("isolated");
        Container two = serve("isolated");
        Container inner = serve("inner");
        assertThat(Probe.in(one).reaches(two.address("isolated"), 80)).isTrue();
        assertThat(LAB.host().shell("ip -4 address show dev isolated0")).isEmpty();
        assertThat(Probe.on(LAB.host()).reaches(one.address("isolated"), 80)).isFalse();
        assertThat(Probe.on(LAB.host()).reaches(inner.address("inner"), 80))
                .as("internal only")
                .isTrue();
        assertThat(Probe.in(inner).reaches("10.90.2.1", ON_HOST))
                .as("internal only")
                .isTrue();

        // An address that the host's owner adds changes nothing for the containers.
        LAB.host().shell("ip address add 10.90.1.1/24 dev isolated0");
        assertThat(Probe.in(one).reaches("10.90.1.1", ON_HOST)).isFalse();
        assertThat(FirewallRules.of(LAB).withoutDrops(() -> Probe.in(one).reaches("10.90.1.1", ON_HOST)))
                .as("without the rules")
                .isTrue();
        assertThat(LAB.docker()
                        .docker(
                                "network",
                                "create",
                                "--driver",
                                LAB.driver(),
                                "--opt",
                                "com.docker.network.bridge.gateway_mode_ipv4=isolated",
                                "open")
                        .succeeded())
                .as("without --internal")
                .isFalse();
    }

    @Test
    void packetsLeaveWithTheAddressThatTheNetworkNames() {
        LAB.host().shell("ip address add 198.51.100.77/32 dev eth0");
        LAB.host().shell("ip -6 address add 2001:db8::77/128 dev eth0 nodad preferred_lft 0");
        try {
            LAB.createNetwork(
                    "named",
                    "--subnet",
                    SUBNET,
                    "--ipv6",
                    "--subnet",
                    SUBNET_6,
                    "--opt",
                    "com.docker.network.host_ipv4=198.51.100.77",
                    "--opt",
                    "com.docker.network.host_ipv6=2001:db8::77");
            createPlain();
            Container named = serve("named");
            Container plain = serve("plain");
            assertThat(Probe.in(named).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith("198.51.100.77 ");
            assertThat(Probe.in(named).tcp("[" + Lab.OUTSIDE_ADDRESS_6 + "]", ON_OUTSIDE))
                    .contains("2001:0db8:0000:0000:0000:0000:0000:0077");
            assertThat(Probe.in(plain).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith(Lab.HOST_ADDRESS + " ");
        } finally {
            LAB.host().shell("ip address delete 198.51.100.77/32 dev eth0");
            LAB.host().shell("ip -6 address delete 2001:db8::77/128 dev eth0");
        }
    }

    @Test
    void masqueradingAndContainersTalkingCanBeSwitchedOff() {
        LAB.createNetwork(
                "off",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.enable_ip_masquerade=false",
                "--opt",
                "com.docker.network.bridge.enable_icc=false");
        createPlain();
        Container one = serve("off", "--publish", "8080:80");
        Container two = serve("off");
        Container plain = serve("plain");
        Container neighbour = serve("plain");
        assertThat(Probe.in(one).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith(one.address("off") + " ");
        assertThat(Probe.in(plain).tcp(Lab.OUTSIDE_ADDRESS, ON_OUTSIDE)).startsWith(Lab.HOST_ADDRESS + " ");
        for (int bridgeCalls : List.of(1, 0)) {
            LAB.host().shell("sysctl -q -w net.bridge.bridge-nf-call-iptables=" + bridgeCalls);
            assertThat(Probe.in(two).reaches(one.address("off"), 80)).isFalse();
        }
        assertThat(Probe.in(neighbour).reaches(plain.address("plain"), 80)).isTrue();
        // Only here: where bridged packets pass the host's filters, one that is translated goes from port to port at
        // once.
        assertThat(Probe.in(two).reaches(Lab.HOST_ADDRESS, 8080))
                .as("by the published port")
                .isTrue();
        LAB.host().shell("sysctl -q -w net.bridge.bridge-nf-call-iptables=1");
    }

    @Test
    void portsArePublishedOnTheAddressThatTheNetworkNames() {
        LAB.createNetwork(
                "bound",
                "--subnet",
                SUBNET,
                "--ipv6",
                "--subnet",
                SUBNET_6,
                "--opt",
                "com.docker.network.bridge.host_binding_ipv4=" + Lab.HOST_SECOND_ADDRESS);
        serve("bound", "--publish", "8080:80", "--publish", Lab.HOST_ADDRESS + ":8081:80");
        assertThat(Probe.on(LAB.lab().outside2()).reaches(Lab.HOST_SECOND_ADDRESS, 8080))
                .isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        assertThat(outside().reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8080)).isFalse();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8081))
                .as("-p has an address of its own")
                .isTrue();
    }

    @Test
    void theAddressThatTheNetworkNamesMayBeAnyIpv6OrAnyAtAll() {
        LAB.createNetwork(
                "six",
                "--subnet",
                SUBNET,
                "--ipv6",
                "--subnet",
                SUBNET_6,
                "--opt",
                "com.docker.network.bridge.host_binding_ipv4=::");
        Container six = serve("six", "--publish", "8080:80");
        assertThat(outside().reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8080)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isFalse();
        six.remove();
        LAB.docker().docker("network", "rm", "six").orThrow();
        LAB.createNetwork(
                "any",
                "--subnet",
                SUBNET,
                "--ipv6",
                "--subnet",
                SUBNET_6,
                "--opt",
                "com.docker.network.bridge.host_binding_ipv4=0.0.0.0");
        serve("any", "--publish", "8080:80");
        assertThat(outside().reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8080)).isTrue();
        assertThat(outside().reaches(Lab.HOST_ADDRESS, 8080)).isTrue();
    }
}
