package io.jnet.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class ContainerConfigurationKernelTest {
    @BeforeEach
    void plugIn() {
        Commands.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer");
        Commands.run("ip", "link", "set", "peer", "up");
    }

    @AfterEach
    void unplug() {
        Commands.run("ip", "link", "delete", "eth0");
    }

    @Test
    void noAddressIsAskedAboutUnlessTheRuntimeWantsIt() {
        configure(false, "10.77.0.2/24", "fd77::2/64");
        assertThat(setting("net.ipv6.conf.eth0.accept_dad")).isEqualTo("0");
        assertThat(setting("net.ipv4.conf.eth0.arp_notify")).isEqualTo("1");
        requireAddressesWithoutQuestions();
    }

    @Test
    void anInterfaceWithoutIpv6SendsNothingOfIt() {
        configure(false, "10.77.0.2/24");
        assertThat(setting("net.ipv4.conf.eth0.arp_notify")).isEqualTo("1");
        assertThat(Commands.run("ip", "-details", "link", "show", "eth0")).contains("addrgenmode none");
        // Such an address comes with the link's state, which the one at the other end shows.
        Commands.runUntil("inet6 fe80::", "ip", "-6", "address", "show", "dev", "peer");
        assertThat(Commands.run("ip", "-6", "address", "show", "dev", "eth0")).isEmpty();
        assertThat(Commands.run("cat", "/proc/net/dev_snmp6/eth0")).containsPattern("(?m)^Ip6OutRequests\\s+0$");
    }

    @Test
    void anInterfaceWithoutAddressesOfIpv6HasOneForItsLinkWhereTheRuntimeWantsIt() {
        configure(true, false, List.of(), "10.77.0.2/24");
        assertThat(setting("net.ipv6.conf.eth0.accept_dad")).isEqualTo("0");
        requireAddressesWithoutQuestions();
    }

    private static void requireAddressesWithoutQuestions() {
        // The kernel takes the mark off some time later, and asks nobody before.
        Commands.runUntil("inet6 fe80::", "ip", "-6", "address", "show", "dev", "eth0", "-tentative");
        assertThat(Commands.run("cat", "/proc/net/dev_snmp6/eth0"))
                .containsPattern("(?m)^Icmp6OutNeighborSolicits\\s+0$");
    }

    @Test
    void addressesAreAskedAboutWhereTheRuntimeWantsIt() {
        // It takes a minute.
        Commands.run("sysctl", "-qw", "net.ipv6.conf.eth0.dad_transmits=60");
        configure(true, "10.77.0.2/24", "fd77::2/64");
        assertThat(setting("net.ipv6.conf.eth0.accept_dad")).isEqualTo("1");
        assertThat(Commands.run("ip", "-6", "address", "show", "dev", "eth0", "tentative"))
                .contains("fd77::2/64");
    }

    @Test
    void anInterfaceWithoutAddressesKeepsItsSettings() {
        configure(false);
        assertThat(setting("net.ipv6.conf.eth0.accept_dad")).isEqualTo("1");
        assertThat(setting("net.ipv4.conf.eth0.arp_notify")).isEqualTo("0");
        assertThat(Commands.run("ip", "link", "show", "eth0")).contains(",UP");
    }

    @Test
    void aDefaultRouteStandsBehindThoseOfOtherNetworks() {
        Commands.run("ip", "address", "add", "192.0.2.2/24", "dev", "peer");
        Commands.run("ip", "-6", "address", "add", "2001:db8:2::2/64", "dev", "peer", "nodad");
        Commands.run("ip", "route", "add", "default", "via", "192.0.2.1");
        Commands.run("ip", "-6", "route", "add", "default", "via", "2001:db8:2::1");
        configure(
                false,
                false,
                List.of(
                        route("0.0.0.0/0", "10.77.0.1"),
                        route("::/0", "fd77::1"),
                        route("198.51.100.0/24", "10.77.0.1")),
                "10.77.0.2/24",
                "fd77::2/64");
        assertThat(Commands.run("ip", "route", "show", "default"))
                .containsSubsequence("via 192.0.2.1 dev peer", "via 10.77.0.1 dev eth0", "metric 1");
        assertThat(Commands.run("ip", "-6", "route", "show", "default"))
                .containsSubsequence(
                        "via 2001:db8:2::1 dev peer", "metric 1024", "via fd77::1 dev eth0", "metric 1025");
        assertThat(Commands.run("ip", "route", "show", "198.51.100.0/24")).doesNotContain("metric");

        Commands.run("ip", "route", "delete", "default", "dev", "peer");
        assertThat(Commands.run("ip", "route", "get", "203.0.113.1")).contains("via 10.77.0.1");
    }

    private static ContainerRoute route(String destination, String gateway) {
        return new ContainerRoute(IpPrefix.parse(destination), Optional.of(IpAddress.parse(gateway)));
    }

    private static void configure(boolean duplicateDetection, String... addresses) {
        configure(false, duplicateDetection, List.of(), addresses);
    }

    private static void configure(
            boolean linkLocal, boolean duplicateDetection, List<ContainerRoute> routes, String... addresses) {
        try (NetworkNamespace own = NetworkNamespace.open(Path.of("/proc/thread-self/ns/net"))) {
            new ContainerConfiguration(new ContainerSide(
                            own,
                            new InterfaceName("eth0"),
                            List.of(addresses).stream().map(IpPrefix::parse).toList(),
                            routes,
                            linkLocal,
                            duplicateDetection,
                            InterfaceTuning.NONE))
                    .apply();
        }
    }

    private static String setting(String name) {
        return Commands.run("sysctl", "-n", name).strip();
    }
}
