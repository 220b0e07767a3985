package io.jnet.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.address.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSpecTest {

    @ParameterizedTest
    @CsvSource({"10.1.0.0/24, 67", "10.1.0.0/24, 65536", "fd00::/64, 1279", "10.1.0.0/24, -1"})
    void mtuOutOfRangeIsRefused(String subnet, int mtu) {
        assertInvalid(() -> spec("web", "eth", mtu, subnet), "invalid MTU " + mtu);
    }

    @ParameterizedTest
    @CsvSource({"10.1.0.0/24, 68", "10.1.0.0/24, 65535", "fd00::/64, 1280"})
    void mtuAtTheLimitIsTaken(String subnet, int mtu) {
        assertThat(spec("web", "eth", mtu, subnet).mtu()).hasValue(mtu);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-web", "web one", "web\"", "web{", "web;drop", "web\n", "../web"})
    void nameThatIsNoNameIsRefused(String name) {
        assertInvalid(() -> spec(name, "eth", 1500, "10.1.0.0/24"), "invalid network name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0eth", "eth/", "eth\"", "abcdefghijk", "e th"})
    void interfacePrefixThatCannotBeginANameIsRefused(String prefix) {
        assertInvalid(() -> spec("web", prefix, 1500, "10.1.0.0/24"), "invalid interface prefix");
    }

    @Test
    void reservedRangeThatLinuxUsesIsTaken() {
        assertThat(spec("web", "eth", 1500, "240.10.0.0/24").subnets()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "224.0.0.0/24",
                "127.0.0.0/8",
                "0.0.0.0/0",
                "10.1.0.1/24",
                "0.0.0.0/8",
                "ff00::/8",
                "126.0.0.0/7",
                "192.0.0.0/2",
                "::/0",
                "239.0.0.0/8",
                "255.255.255.0/24"
            })
    void subnetThatIsNoUnicastRangeIsRefused(String subnet) {
        assertInvalid(() -> spec("web", "eth", 1500, subnet), "invalid subnet");
    }

    @Test
    void overlappingSubnetsAreRefused() {
        assertInvalid(() -> spec("web", "eth", 1500, "10.1.0.0/16", "10.1.2.0/24"), "overlap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/24", "10.1.0.255/24", "10.2.0.1/24", "10.1.0.1/16"})
    void gatewayThatIsNoHostOfTheSubnetIsRefused(String gateway) {
        assertInvalid(
                () -> new Subnet(IpPrefix.parse("10.1.0.0/24"), Optional.of(IpPrefix.parse(gateway))),
                "gateway " + gateway);
    }

    @Test
    void everyAddressOfAPointToPointSubnetCanBeTheGateway() {
        Subnet subnet = new Subnet(IpPrefix.parse("10.1.0.0/31"), Optional.of(IpPrefix.parse("10.1.0.0/31")));

        assertThat(subnet.gateway()).isPresent();
    }

    private static NetworkSpec spec(String name, String prefix, int mtu, String... subnets) {
        return new NetworkSpec(
                new NetworkId("id"),
                Optional.of(name),
                Optional.empty(),
                List.of(subnets).stream()
                        .map(subnet -> new Subnet(IpPrefix.parse(subnet), Optional.empty()))
                        .toList(),
                OptionalInt.of(mtu),
                prefix,
                Optional.empty(),
                Set.of());
    }

    private static void assertInvalid(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(e.getMessage()).contains(message).doesNotContain("\n");
        });
    }
}
