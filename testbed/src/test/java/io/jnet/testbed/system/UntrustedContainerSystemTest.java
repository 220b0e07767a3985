package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.netlink.testkit.Frame;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.machine.Lab;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container with CAP_NET_RAW and nothing else sends by hand what it should not; without jnet's dropping rules all of it arrives. */
@SystemTest
class UntrustedContainerSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String ALL_NODES = "33:33:00:00:00:01";
    private static final String ALL = "ff:ff:ff:ff:ff:ff";
    private static final byte[] DATA = new byte[8];

    private static final Frame TO_ALL = Frame.between("02:00:00:00:66:02", ALL_NODES);
    private static final Frame BROADCAST = Frame.between("02:00:00:00:66:02", ALL);
    /** What would make somebody a router or a DHCP server. */
    private static final List<Forgery> ROGUERY = List.of(
            new Forgery(
                    "a router advertisement",
                    TO_ALL.routerAdvertisement("fe80::66", "ff02::1"),
                    "icmpv6 type nd-router-advert"),
            new Forgery(
                    "an IPv6 redirect",
                    TO_ALL.icmpv6("fe80::66", "ff02::1", 137, new byte[36]),
                    "icmpv6 type nd-redirect"),
            new Forgery(
                    "an IPv4 redirect",
                    BROADCAST.icmp("10.90.1.1", "10.90.1.3", 5, 1, new byte[32]),
                    "icmp type redirect"),
            new Forgery(
                    "a DHCP answer",
                    BROADCAST.udp("10.90.1.1", 67, "255.255.255.255", 68, new byte[300]),
                    "meta protocol ip udp dport 68"),
            new Forgery(
                    "a DHCPv6 answer",
                    TO_ALL.udp("fe80::66", 547, "ff02::1", 546, new byte[40]),
                    "meta protocol ip6 udp dport 546"));

    @BeforeEach
    void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "Docker's own driver trusts its containers");
    }

    private static Container forgerOn(String network) {
        return LAB.docker().idle("--network", network, "--cap-drop", "ALL", "--cap-add", "NET_RAW");
    }

    private static String mac(Container container, String network) {
        return LAB.docker()
                .inspect(container.id(), "{{(index .NetworkSettings.Networks \"%s\").MacAddress}}".formatted(network));
    }

    private static void assertRefusedByJnet(Container forger, Witness witness, List<Forgery> forgeries) {
        assertThat(FirewallRules.of(LAB).withoutDrops(() -> witness.awaited(forger, "eth0", forgeries)))
                .as("without the rules")
                .containsExactlyElementsOf(Forgery.names(forgeries));
        assertThat(witness.heard(forger, "eth0", forgeries))
                .as("heard in spite of the rules")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theHostTakesNothingForged(int reversePathFilter) {
        LAB.createNetwork("red", "--subnet", "10.90.1.0/24", "-o", "com.docker.network.bridge.name=red");
        LAB.createNetwork("blue", "--subnet", "10.90.2.0/24");
        Container forger = forgerOn("red");
        LAB.host()
                .shell("for link in all default red; do sysctl -qw net.ipv4.conf.$link.rp_filter=%d; done"
                        .formatted(reversePathFilter));
        String own = forger.address("red");
        Frame toHost =
                Frame.between(mac(forger, "red"), LAB.host().shell("ip -brief link show red | awk '{ printf $3 }'"));
        Frame pastTheBridge = Frame.between(mac(forger, "red"), "01:80:c2:00:00:0e");
        List<Forgery> forgeries = List.of(
                datagram("a source outside the network", toHost, 5001, "192.0.2.77", "10.90.1.1"),
                datagram("a source of another network", toHost, 5002, "10.90.2.77", "10.90.1.1"),
                datagram("a loopback source", toHost, 5003, "127.0.0.2", "10.90.1.1"),
                datagram("a loopback destination", toHost, 5004, own, "127.0.0.1"),
                datagram("the gateway of another network", toHost, 5005, own, "10.90.2.1"),
                datagram("past the bridge", pastTheBridge, 5006, "192.0.2.77", Lab.HOST_ADDRESS));
        Witness witness = Witness.behindTheRulesOf(LAB.host());

        assertRefusedByJnet(forger, witness, forgeries);
        List<Forgery> honest = List.of(
                datagram("to its own gateway", toHost, 5007, own, "10.90.1.1"),
                datagram("to the host", toHost, 5008, own, Lab.HOST_ADDRESS));
        assertThat(witness.awaited(forger, "eth0", honest)).containsExactlyElementsOf(Forgery.names(honest));
    }

    @Test
    void aContainerIsNoRouterAndNoDhcpServerToItsNeighbours() {
        LAB.createNetwork("red", "--subnet", "10.90.1.0/24", "--ipv6", "--subnet", "fd00:90:1::/64");
        Container forger = forgerOn("red");
        Witness neighbour = Witness.in(LAB.docker().idle("--network", "red"), "eth0");

        assertRefusedByJnet(forger, neighbour, ROGUERY);
    }

    @Test
    void aContainerMayBeARouterWhereTheNetworkSaysSo() {
        LAB.createNetwork("red", "--subnet", "10.90.1.0/24", "-o", "io.jnet.allow_routers=true");
        assertThat(LAB.jnet()
                        .json("network", "inspect", LAB.docker().inspect("red", "{{.Id}}"))
                        .toString())
                .contains("\"routers\":true");
        Container forger = forgerOn("red");
        Witness neighbour = Witness.in(LAB.docker().idle("--network", "red"), "eth0");

        assertThat(neighbour.awaited(forger, "eth0", ROGUERY)).containsExactlyElementsOf(Forgery.names(ROGUERY));
    }

    private static Forgery datagram(String what, Frame frame, int port, String source, String destination) {
        return new Forgery(what, frame.udp(source, port, destination, 9, DATA), "udp sport " + port);
    }
}
