package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, names, gateways and routes that a network or a container is given. */
@SystemTest
class NetworkOptionsSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String SUBNET = "10.90.1.0/24";

    private static Container serve(String... options) {
        return LAB.docker().serve(List.of(options), Servers.tellPeer(80)).listeningOn(80);
    }

    private static String routes(Container container) {
        return container.inNetwork("ip", "route").orThrow().text();
    }

    /** By the API: the command line of today sends --mac-address in a form that Docker 20.10 does not know. */
    private static Container create(String body) {
        String answer = LAB.host()
                .run(
                        List.of(
                                "curl",
                                "--silent",
                                "--unix-socket",
                                "/run/docker.sock",
                                "--header",
                                "Content-Type: application/json",
                                "--data-binary",
                                "@-",
                                "http://docker/v1.41/containers/create"),
                        body)
                .orThrow()
                .text();
        Container container = new Container(LAB.docker(), answer.replaceAll("(?s).*\"Id\":\"([0-9a-f]+)\".*", "$1"));
        LAB.docker().docker("start", container.id()).orThrow();
        return container;
    }

    @Test
    void bridgeInterfaceAndMtuAreAsNamed() {
        LAB.createNetwork(
                "named",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.name=named0",
                "--opt",
                "com.docker.network.container_iface_prefix=net",
                "--opt",
                "com.docker.network.driver.mtu=1400",
                "--opt",
                "com.docker.network.advertise_addr_nmsgs=2",
                "--opt",
                "com.docker.network.advertise_addr_ms=100");
        LAB.createNetwork("plain", "--subnet", "10.90.2.0/24");
        Container named = LAB.docker().idle("--network", "named");
        Container plain = LAB.docker().idle("--network", "plain");
        assertThat(named.shell("cat /sys/class/net/net0/mtu")).isEqualTo("1400");
        assertThat(plain.shell("cat /sys/class/net/eth0/mtu")).isEqualTo("1500");
        assertThat(LAB.host().shell("ip -o link show named0")).contains("mtu 1400");
        assertThat(LAB.host().shell("ip -o link show master named0")).contains("mtu 1400");
    }

    @Test
    void theGatewayNeedNotBeTheFirstAddress() {
        LAB.createNetwork("high", "--subnet", SUBNET, "--gateway", "10.90.1.254");
        Container container = LAB.docker().idle("--network", "high", "--ip", "10.90.1.1");
        assertThat(routes(container)).contains("default via 10.90.1.254 ");
        assertThat(Probe.in(container).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        assertThat(LAB.host().shell("ip -o -4 address show")).contains(" 10.90.1.254/24 ");
    }

    @Test
    void addressesAndMacAddressAreAsGiven() {
        LAB.createNetwork("fixed", "--subnet", SUBNET, "--ipv6", "--subnet", "fd00:90:1::/64");
        Container container = create(
                """
                {"Image":"%s","Cmd":["sleep","1000000"],"MacAddress":"02:00:00:00:00:77","HostConfig":{"NetworkMode":"fixed"},
                 "NetworkingConfig":{"EndpointsConfig":{"fixed":{"IPAMConfig":
                   {"IPv4Address":"10.90.1.77","IPv6Address":"fd00:90:1::77"}}}}}
                """
                        .formatted(Images.TOOLS));
        assertThat(container
                        .inNetwork("ip", "address", "show", "dev", "eth0")
                        .orThrow()
                        .text())
                .contains("inet 10.90.1.77/24", "inet6 fd00:90:1::77/64", "link/ether 02:00:00:00:00:77");
        assertThat(Probe.on(LAB.host()).pings("10.90.1.77")).isTrue();
        assertThat(LAB.host().shell("ip neighbour show 10.90.1.77")).contains("02:00:00:00:00:77");
        CommandResult taken = LAB.docker()
                .docker("run", "--detach", "--network", "fixed", "--ip", "10.90.1.77", Images.TOOLS, "true");
        assertThat(taken.succeeded()).isFalse();
    }

    @Test
    void aNetworkMayHaveSeveralSubnetsOfAFamily() {
        LAB.createNetwork("several", "--subnet", SUBNET, "--subnet", "10.91.1.0/24");
        Container first = serve("--network", "several", "--ip", "10.90.1.7", "--publish", "8080:80");
        Container second = serve("--network", "several", "--ip", "10.91.1.7", "--publish", "8081:80");
        assertThat(routes(first)).contains("default via 10.90.1.1 ");
        assertThat(routes(second)).contains("default via 10.91.1.1 ");
        assertThat(Probe.in(first).tcp("10.91.1.7", 80)).as("by the bridge").startsWith("10.90.1.7 ");
        assertThat(Probe.in(second).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8080))
                .isTrue();
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, 8081))
                .isTrue();
        assertThat(Probe.in(first).reaches(Lab.HOST_ADDRESS, 8081))
                .as("by the published port")
                .isTrue();
    }

    @Test
    void theDefaultGatewayMayBeAnotherMachine() {
        LAB.createNetwork(
                "routed",
                "--subnet",
                SUBNET,
                "--aux-address",
                "DefaultGatewayIPv4=10.90.1.253",
                "--opt",
                "com.docker.network.bridge.name=gw0");
        Container container = LAB.docker().idle("--network", "routed");
        assertThat(routes(container)).contains("default via 10.90.1.253 ");
        assertThat(LAB.host().shell("ip -o -4 address show dev gw0")).contains(" 10.90.1.1/24 ");
        assertThat(Probe.in(container).pings("192.0.2.200"))
                .as("nobody is there yet")
                .isFalse();
        routerOn("gw0", "10.90.1.253", "192.0.2.200");
        assertThat(Probe.in(container).pings("192.0.2.200"))
                .as("behind the gateway")
                .isTrue();
    }

    @Test
    void theDefaultGatewayOfEachFamilyIsItsOwn() {
        LAB.createNetwork("plain", "--ipv6", "--subnet", SUBNET, "--subnet", "fd00:90:1::/64");
        assertThat(routes6(LAB.docker().idle("--network", "plain"))).contains("default via fd00:90:1::1 ");
        LAB.docker().removeEverything();
        LAB.createNetwork(
                "routed",
                "--ipv6",
                "--subnet",
                SUBNET,
                "--subnet",
                "fd00:90:1::/64",
                "--aux-address",
                "DefaultGatewayIPv6=fd00:90:1::fe");
        Container container = LAB.docker().idle("--network", "routed");
        assertThat(routes6(container)).contains("default via fd00:90:1::fe ").doesNotContain("fd00:90:1::1 ");
        assertThat(routes(container)).contains("default via 10.90.1.1 ");
    }

    private static String routes6(Container container) {
        return container.inNetwork("ip", "-6", "route").orThrow().output();
    }

    @Test
    void theBridgeMayLeaveTheGatewaysAddressToAnother() {
        LAB.createNetwork(
                "inhibited",
                "--subnet",
                SUBNET,
                "--opt",
                "com.docker.network.bridge.inhibit_ipv4=true",
                "--opt",
                "com.docker.network.bridge.name=gw0");
        Container container = LAB.docker().idle("--network", "inhibited");
        assertThat(LAB.host().shell("ip -o -4 address show dev gw0")).isEmpty();
        assertThat(routes(container)).contains("default via 10.90.1.1 ");
        routerOn("gw0", "10.90.1.1", "192.0.2.200");
        assertThat(Probe.in(container).pings("192.0.2.200"))
                .as("behind the gateway")
                .isTrue();
    }

    /** A machine on the bridge that has an address of the network and another one behind it; both with bridge-nf-call-iptables. */
    private static void routerOn(String bridge, String address, String behind) {
        LAB.host()
                .shell("ip netns add router; ip link add router0 type veth peer name eth0 netns router;"
                        + " ip link set router0 master " + bridge
                        + " up; ip -n router link set eth0 up; ip -n router link set lo up;"
                        + " ip -n router address add " + address + "/24 dev eth0; ip -n router address add " + behind
                        + "/32 dev lo");
    }

    @AfterEach
    void removeRouter() {
        LAB.host().run("ip", "link", "delete", "router0");
        LAB.host().run("ip", "netns", "delete", "router");
    }

    @Test
    void containersGetTheRoutesOfTheirNetwork() {
        LAB.createNetwork(
                "routes",
                "--subnet",
                SUBNET,
                "--subnet",
                "10.91.1.0/24",
                "--opt",
                "com.docker.network.bridge.name=gw0",
                "--opt",
                "io.jnet.routes=10.9.0.0/16 via 10.90.1.5, 192.0.2.0/24");
        Container router = LAB.docker().idle("--network", "routes", "--ip", "10.90.1.5", "--cap-add", "NET_ADMIN");
        Container container = LAB.docker().idle("--network", "routes", "--ip", "10.90.1.6");
        Container elsewhere = LAB.docker().idle("--network", "routes", "--ip", "10.91.1.6");
        assertThat(routes(container))
                .contains("10.9.0.0/16 via 10.90.1.5 dev eth0", "192.0.2.0/24 dev eth0 scope link");
        assertThat(routes(router))
                .as("not by itself")
                .doesNotContain("10.9.0.0/16")
                .contains("192.0.2.0/24");
        assertThat(routes(elsewhere)).as("no neighbour of the next hop").doesNotContain("10.9.0.0/16");

        router.shell("ip address add 10.9.0.1/32 dev lo");
        assertThat(Probe.in(container).pings("10.9.0.1")).isTrue();
        LAB.createNetwork("plain", "--subnet", "10.90.2.0/24");
        assertThat(routes(LAB.docker().idle("--network", "plain"))).doesNotContain("10.9.0.0/16");
    }

    @Test
    void theMarkerOfDockersOwnBridgeKeepsTheBridge() {
        for (boolean lasting : List.of(true, false)) {
            LAB.createNetwork(
                    "web",
                    "--subnet",
                    SUBNET,
                    "--opt",
                    "com.docker.network.bridge.name=web0",
                    "--opt",
                    "com.docker.network.bridge.default_bridge=" + lasting);
            LAB.docker().docker("network", "rm", "web").orThrow();
            assertThat(LAB.host().run("ip", "link", "delete", "web0").succeeded())
                    .isEqualTo(lasting);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "com.docker.network.bridge.gateway_mode_ipv4=bridged, 'want nat, nat-unprotected, routed or isolated'",
        "com.docker.network.host_ipv4=::1, invalid source address ::1: want an IPv4 address",
        "com.docker.network.bridge.trusted_host_interfaces=a b, invalid option",
        "com.docker.network.bridge.inhibit_ipv4=perhaps, want true or false",
        "com.docker.network.enable_ipv6=true, 'gave the network no IPv6 subnet, add --ipv6'",
        "com.docker.network.enable_ipv4=false, this Docker engine has no networks without IPv4",
        "io.jnet.routes=10.9.0.0/16 via 10.99.0.1, next hop 10.99.0.1 is no host's address in a subnet of the network",
        "io.jnet.routes=0.0.0.0/0 via 10.90.1.5, the default route is the gateway's",
        "io.jnet.route=10.9.0.0/16, unknown option io.jnet.route: known are io.jnet.name",
    })
    void whatCannotBeIsRefusedInOneLineAndNothingIsMade(String option, String message) {
        String links = LAB.host().shell("ip -o link");
        List<String> command = new ArrayList<>(
                List.of("network", "create", "--driver", LAB.driver(), "--subnet", SUBNET, "--opt", option, "web"));
        CommandResult refused = LAB.docker().docker(command);
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.everything()).contains(message);
        assertThat(LAB.host().shell("ip -o link")).isEqualTo(links);
        assertThat(LAB.host().shell("nft list tables")).doesNotContain("table inet jnet\n");
    }
}
