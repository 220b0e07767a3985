package io.jnet.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
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
        configure(false, "10.77.0.2/24");
        assertThat(setting("net.ipv6.conf.eth0.accept_dad")).isEqualTo("0");
        assertThat(Commands.run("ip", "-6", "address", "show", "dev", "eth0"))
                .contains("inet6 fe80::")
                .doesNotContain("tentative");
    }

    @Test
    void addressesAreAskedAboutWhereTheRuntimeWantsIt() {
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

    private static void configure(boolean duplicateDetection, String... addresses) {
        try (NetworkNamespace own = NetworkNamespace.open(Path.of("/proc/thread-self/ns/net"))) {
            new ContainerConfiguration(new ContainerSide(
                            own,
                            new InterfaceName("eth0"),
                            List.of(addresses).stream().map(IpPrefix::parse).toList(),
                            List.of(),
                            duplicateDetection,
                            InterfaceTuning.NONE))
                    .apply();
        }
    }

    private static String setting(String name) {
        return Commands.run("sysctl", "-n", name).strip();
    }
}
