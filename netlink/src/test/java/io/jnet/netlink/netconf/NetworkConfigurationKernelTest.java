package io.jnet.netlink.netconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkGroup;
import io.jnet.netlink.NetlinkMonitor;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@KernelTest
class NetworkConfigurationKernelTest {
    @ParameterizedTest
    @CsvSource({
        NetlinkGroup.RTNLGRP_IPV4_NETCONF + ", net.ipv4.ip_forward, 2",
        NetlinkGroup.RTNLGRP_IPV6_NETCONF + ", net.ipv6.conf.all.forwarding, 10"
    })
    void hearsForwardingSwitchedOnAndOff(int group, String setting, int family) {
        Commands.run("sysctl", "-qw", setting + "=0");
        try (NetlinkMonitor monitor = NetlinkMonitor.open(NetlinkProtocol.ROUTE, List.of(group))) {
            Commands.run("sysctl", "-qw", setting + "=1");
            NetworkConfiguration on = nextOfAll(monitor);
            Commands.run("sysctl", "-qw", setting + "=0");
            NetworkConfiguration off = nextOfAll(monitor);

            assertThat(on.forwarding()).contains(true);
            assertThat(off.forwarding()).contains(false);
            assertThat(on.header().family()).isEqualTo(family);
        }
    }

    @Test
    void aSingleInterfaceIsNotTheWholeNamespace() {
        Commands.run("sysctl", "-qw", "net.ipv4.ip_forward=0");
        try (NetlinkMonitor monitor =
                NetlinkMonitor.open(NetlinkProtocol.ROUTE, List.of(NetlinkGroup.RTNLGRP_IPV4_NETCONF))) {
            Commands.run("sysctl", "-qw", "net.ipv4.conf.lo.forwarding=1");

            NetworkConfiguration event =
                    NetworkConfiguration.decode(monitor.receive().get(0));
            assertThat(event.isWholeNamespace()).isFalse();
            assertThat(event.forwarding()).contains(true);
        }
    }

    private static NetworkConfiguration nextOfAll(NetlinkMonitor monitor) {
        while (true) {
            List<NetworkConfiguration> whole = monitor.receive().stream()
                    .map(NetworkConfiguration::decode)
                    .filter(NetworkConfiguration::isWholeNamespace)
                    .toList();
            if (!whole.isEmpty()) {
                return whole.get(0);
            }
        }
    }
}
