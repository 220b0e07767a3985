package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.netlink.testkit.Frame;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code io.jnet.port_security=true}: a container with CAP_NET_RAW speaks for itself only, from its start to its end. */
@SystemTest
class PortSecuritySystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String FORGED = "02:00:00:00:66:02";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final String IP = "10.90.1.7";
    private static final String IPV6 = "fd00:90:1::7";
    private static final String CHOSEN_MAC = "02:42:0a:5a:01:07";
    private static final String[] SUBNETS = {
        "--subnet", "10.90.1.0/24", "--ipv6", "--subnet", "fd00:90:1::/64", "-o", "io.jnet.port_security=true"
    };

    @BeforeEach
    void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "Docker's own driver has no such option");
    }

    @Test
    void aContainerSpeaksForItselfOnly() {
        LAB.createNetwork("red", SUBNETS);
        Container forger = forger();
        Container neighbour = LAB.docker()
                .serve(List.of("--network", "red"), Servers.tellPeer(80), Servers.tellPeer6(81))
                .listeningOn(80, 81);
        Witness witness = Witness.in(neighbour, "eth0");
        List<Forgery> forgeries = forgeries(forger);

        assertThat(FirewallRules.of(LAB).withoutDrops(() -> witness.awaited(forger, "eth0", forgeries)))
                .as("without the rules")
                .containsExactlyElementsOf(Forgery.names(forgeries));
        assertThat(witness.heard(forger, "eth0", forgeries)).isEmpty();

        assertThat(Probe.in(forger).tcp(neighbour.address("red"), 80)).startsWith(IP + " ");
        assertThat(Probe.in(forger).reaches("[" + neighbour.address6("red") + "]", 81))
                .isTrue();
        assertThat(Probe.in(forger).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        assertThat(Probe.in(neighbour).pings(IP)).isTrue();
    }

    @Test
    void withoutTheOptionContainersOfANetworkTrustEachOther() {
        LAB.createNetwork("red", "--subnet", "10.90.1.0/24", "--ipv6", "--subnet", "fd00:90:1::/64");
        Container forger = forger();
        Container neighbour = LAB.docker().idle("--network", "red");

        assertThat(Witness.in(neighbour, "eth0").awaited(forger, "eth0", forgeries(forger)))
                .containsExactlyElementsOf(Forgery.names(forgeries(forger)));
    }

    @Test
    void aNetworkThatIsConnectedLaterIsSecuredToo() {
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        LAB.createNetwork("red", SUBNETS);
        Container forger = LAB.docker().idle("--network", "blue", "--cap-add", "NET_RAW");
        Container neighbour = LAB.docker()
                .serve(List.of("--network", "red"), Servers.tellPeer(80))
                .listeningOn(80);
        Witness witness = Witness.in(neighbour, "eth0");
        for (int round = 0; round < 2; round++) {
            LAB.docker()
                    .docker("network", "connect", "--ip", IP, "--ip6", IPV6, "red", forger.id())
                    .orThrow();
            String link = forger.shell("ip -o -4 address show to 10.90.1.0/24 | awk '{ print $2 }'");
            assertThat(witness.heard(forger, link, forgeries(forger))).isEmpty();
            assertThat(Probe.in(forger).tcp(neighbour.address("red"), 80)).startsWith(IP + " ");
            LAB.docker().docker("network", "disconnect", "red", forger.id()).orThrow();
        }
    }

    @Test
    void aMacAddressThatTheUserChoseIsTheOnlyOne() {
        LAB.createNetwork("red", SUBNETS);
        Container neighbour = LAB.docker()
                .serve(List.of("--network", "red"), Servers.tellPeer(80))
                .listeningOn(80);
        // By the API: the command refuses to send a MAC address to an engine of this age.
        String body =
                """
                {"Image":"%s","Cmd":["sleep","1000000"],"MacAddress":"%s","HostConfig":{"NetworkMode":"red"},
                 "NetworkingConfig":{"EndpointsConfig":{"red":{"IPAMConfig":{"IPv4Address":"%s","IPv6Address":"%s"}}}}}
                """
                        .formatted(Images.TOOLS, CHOSEN_MAC, IP, IPV6);
        Container forger = LAB.docker().create(body);
        LAB.docker().docker("start", forger.id()).orThrow();

        assertThat(mac(forger)).isEqualTo(CHOSEN_MAC);
        assertThat(Witness.in(neighbour, "eth0").heard(forger, "eth0", forgeries(forger)))
                .isEmpty();
        assertThat(Probe.in(forger).tcp(neighbour.address("red"), 80)).startsWith(IP + " ");
    }

    @Test
    void restartsFlushesAndRebootsChangeNothingOfIt() {
        LAB.createNetwork("red", SUBNETS);
        Container forger = forger();
        Container neighbour = LAB.docker().idle("--network", "red", "--restart", "always");
        assertSecured(forger, neighbour, "at first");

        LAB.docker().docker("restart", "--time", "0", forger.id()).orThrow();
        assertSecured(forger, neighbour, "the container was restarted");
        LAB.jnet().kill();
        assertSecured(forger, neighbour, "without the daemon");
        LAB.jnet().startAgain();
        assertSecured(forger, neighbour, "the daemon was restarted");

        LAB.host().shell("nft flush ruleset");
        // Looked at, not tried out: a forgery that arrives in between is believed for a while.
        Eventually.holds("the ruleset is mended", Duration.ofSeconds(10), () -> LAB.host()
                .shell("nft list ruleset")
                .contains("chain secured6 {"));
        assertSecured(forger, neighbour, "the ruleset was flushed");

        LAB.docker().kill();
        LAB.host().reboot();
        LAB.jnet().startAgain();
        LAB.docker().startAgain();
        Eventually.holds("both are back", Duration.ofSeconds(30), () -> Probe.in(neighbour)
                .pings(IP));
        assertSecured(forger, neighbour, "the host was rebooted");

        LAB.docker().removeEverything();
        assertThat(LAB.host().shell("nft list tables")).doesNotContain("jnet");
    }

    private static Container forger() {
        return LAB.docker()
                .idle(
                        "--network",
                        "red",
                        "--cap-drop",
                        "ALL",
                        "--cap-add",
                        "NET_RAW",
                        "--restart",
                        "always",
                        "--ip",
                        IP,
                        "--ip6",
                        IPV6);
    }

    private static void assertSecured(Container forger, Container neighbour, String when) {
        assertThat(isSecured(forger, neighbour)).as(when).isTrue();
        assertThat(Probe.in(forger).pings(neighbour.address("red"))).as(when).isTrue();
    }

    private static boolean isSecured(Container forger, Container neighbour) {
        return Witness.in(neighbour, "eth0")
                .heard(forger, "eth0", forgeries(forger))
                .isEmpty();
    }

    private static String mac(Container container) {
        return LAB.docker().inspect(container.id(), "{{.NetworkSettings.Networks.red.MacAddress}}");
    }

    /** What a container at {@link #IP} and {@link #IPV6} might say that is not its own. */
    private static List<Forgery> forgeries(Container forger) {
        String mac = mac(forger);
        Frame own = Frame.between(mac, ALL);
        return List.of(
                new Forgery(
                        "another MAC address",
                        Frame.between(FORGED, ALL).udp(IP, 5001, "10.90.1.255", 9, new byte[8]),
                        "udp sport 5001"),
                new Forgery(
                        "the gateway in ARP",
                        own.arp(2, mac, "10.90.1.1", ALL, "10.90.1.255"),
                        "arp saddr ip 10.90.1.1 arp saddr ether " + mac),
                new Forgery(
                        "another MAC address in ARP",
                        own.arp(2, FORGED, IP, ALL, "10.90.1.255"),
                        "arp saddr ether " + FORGED),
                new Forgery(
                        "the gateway in neighbour discovery",
                        own.neighbourAdvertisement(IPV6, "ff02::1", "fd00:90:1::1", mac),
                        "ether saddr " + mac
                                + " icmpv6 type nd-neighbor-advert @th,64,128 0xfd000090000100000000000000000001"),
                new Forgery(
                        "another IPv4 source",
                        own.udp("10.90.1.99", 5002, "10.90.1.255", 9, new byte[8]),
                        "udp sport 5002"),
                new Forgery(
                        "another IPv6 source",
                        own.udp("fd00:90:1::99", 5003, "ff02::1", 9, new byte[8]),
                        "udp sport 5003"),
                new Forgery("another protocol", own, "ether type 0x88b5"));
    }
}
