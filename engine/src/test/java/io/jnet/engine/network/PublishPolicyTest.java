package io.jnet.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.address.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishPolicyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open | open",
                "firewalled | firewalled",
                "from=192.0.2.0/24 | from=192.0.2.0/24",
                "from=192.0.2.7/24,2001:db8::/32 | from=192.0.2.0/24,2001:db8::/32",
                "from=192.0.2.7 | from=192.0.2.7/32",
                "from=10.0.0.0/8,10.1.0.0/16 | from=10.0.0.0/8",
                "from=::1,0.0.0.0/0 | from=0.0.0.0/0,::1/128",
            })
    void isReadAndWritten(String text, String written) {
        assertThat(PublishPolicy.parse(text)).hasToString(written);
        assertThat(PublishPolicy.parse(written)).isEqualTo(PublishPolicy.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "closed", "from", "from=", "from=10.0.0.0/33", "from=10.0.0.0/8,", "from=a;b", "OPEN"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> PublishPolicy.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "open | open | open",
                "open | firewalled | firewalled",
                "from=10.0.0.0/8 | open | from=10.0.0.0/8",
                "from=10.0.0.0/8 | firewalled | firewalled from=10.0.0.0/8",
                "from=10.0.0.0/8 | from=10.1.0.0/16,192.0.2.0/24 | from=10.1.0.0/16",
                "from=10.0.0.0/8 | from=192.0.2.0/24,::/0 | from=nobody",
            })
    void whatHoldsIsBoth(String one, String other, String both) {
        assertThat(PublishPolicy.parse(one).and(PublishPolicy.parse(other))).hasToString(both);
        assertThat(PublishPolicy.parse(other).and(PublishPolicy.parse(one))).hasToString(both);
    }

    @Test
    void admitsByAddress() {
        PublishPolicy policy = PublishPolicy.parse("from=192.0.2.0/24");
        assertThat(policy.admits(IpAddress.parse("192.0.2.9"))).isTrue();
        assertThat(policy.admits(IpAddress.parse("192.0.3.9"))).isFalse();
        assertThat(policy.admits(IpAddress.parse("2001:db8::9")))
                .as("another family")
                .isFalse();
        assertThat(PublishPolicy.FIREWALLED.admits(IpAddress.parse("2001:db8::9")))
                .isTrue();
    }
}
