package io.jnet.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangedSettingTest {
    @ParameterizedTest
    @CsvSource({
        "net/ipv4/ip_forward, net.ipv4.ip_forward",
        "net/ipv4/conf/eth0/forwarding, net.ipv4.conf.eth0.forwarding",
        "net/ipv4/conf/eth0.100/forwarding, net.ipv4.conf.eth0/100.forwarding"
    })
    void settingsAreCalledAsSysctlTakesThem(String key, String name) {
        assertThat(ChangedSetting.sysctl(key)).isEqualTo(name);
    }
}
