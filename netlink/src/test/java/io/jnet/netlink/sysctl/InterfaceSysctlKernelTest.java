package io.jnet.netlink.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.api.Test;

@KernelTest
class InterfaceSysctlKernelTest {
    private static final InterfaceName LO = new InterfaceName("lo");

    @Test
    void writesASettingOfTheThreadsOwnNamespace() {
        InterfaceSysctl setting = InterfaceSysctl.ipv4(LO, "route_localnet");
        try (FreshNamespace other = FreshNamespace.create()) {
            setting.write("1");
            assertThat(setting.read()).contains("1");
            assertThat(other.call(setting::read)).contains("0");
        }
        assertThat(Commands.run("sysctl", "-n", "net.ipv4.conf.lo.route_localnet"))
                .isEqualTo("1\n");
    }

    /** The kernel gives a number out in one read only. */
    @Test
    void readsAllDigits() {
        NetworkSetting setting = new NetworkSetting("net/core/somaxconn");
        setting.write("1234");
        assertThat(setting.read()).contains("1234");
        InterfaceSysctl ofLink = InterfaceSysctl.ipv4(LO, "medium_id");
        ofLink.write("77");
        assertThat(ofLink.read()).contains("77");
    }

    @Test
    void refusesWhatIsNotUnderNet() {
        for (String path : new String[] {"kernel/hostname", "net/../kernel/hostname", "net", "net/.x", "/net/core"}) {
            assertThatThrownBy(() -> new NetworkSetting(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void writesASettingOfIpv6() {
        InterfaceSysctl setting = InterfaceSysctl.ipv6(LO, "disable_ipv6");
        setting.write("1");
        assertThat(setting.read()).contains("1");
    }

    @Test
    void answersNothingForWhatDoesNotExist() {
        InterfaceSysctl absent = InterfaceSysctl.ipv4(new InterfaceName("nosuch.1"), "route_localnet");
        assertThat(absent.read()).isEmpty();
        assertThatThrownBy(() -> absent.write("1"))
                .isInstanceOf(SysctlException.class)
                .hasMessage("write \"1\" to net.ipv4.conf.nosuch/1.route_localnet: NoSuchFileException");
    }

    @Test
    void reportsAValueThatTheKernelRefuses() {
        assertThatThrownBy(() -> InterfaceSysctl.ipv4(LO, "route_localnet").write("text"))
                .isInstanceOf(SysctlException.class)
                .hasMessageContaining("write \"text\" to net.ipv4.conf.lo.route_localnet: ")
                .hasMessageContaining("Invalid argument");
    }

    @Test
    void refusesAKeyThatLeavesTheFolder() {
        assertThatThrownBy(() -> InterfaceSysctl.ipv4(LO, "../../all/forwarding"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
