package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkChainTest {
    @Test
    void aPacketGoesOnByItsSource() {
        assertThat(rules(EnumSet.noneOf(NetworkFlag.class), "10.77.0.0/24", "10.9.0.0/16", "fd00:77::/64"))
                .containsExactly(
                        "ip saddr 10.77.0.0/24 goto raw_network4",
                        "ip saddr 10.9.0.0/16 goto raw_network4",
                        "ip6 saddr fd00:77::/64 goto raw_network6",
                        "ip6 saddr fe80::/10 goto raw_network6",
                        "goto raw_stranger");
    }

    @Test
    void anInternalNetworkHasChainsOfItsOwn() {
        assertThat(rules(EnumSet.of(NetworkFlag.INTERNAL), "10.77.0.0/24"))
                .containsExactly(
                        "ip saddr 10.77.0.0/24 goto raw_internal4",
                        "ip6 saddr fe80::/10 goto raw_internal6",
                        "goto raw_stranger");
    }

    @Test
    void whoMaySendFromEverywhereMayNotFromLoopback() {
        assertThat(rules(EnumSet.noneOf(NetworkFlag.class), "0.0.0.0/0", "::/0"))
                .containsExactly(
                        "ip saddr 127.0.0.0/8 counter drop",
                        "meta nfproto ipv4 goto raw_network4",
                        "ip6 saddr ::1 counter drop",
                        "meta nfproto ipv6 goto raw_network6",
                        "ip6 saddr fe80::/10 goto raw_network6",
                        "goto raw_stranger");
    }

    @Test
    void fixedChainsAreNoNetworks() {
        assertThat(NetworkChain.isOne("from_jbr-a")).isTrue();
        assertThat(NetworkChain.isOne("forward")).isFalse();
    }

    /** A bridge may be called {@code network}, {@code internal} or anything else: its chain is flushed when the network comes. */
    @Test
    void noNameOfABridgeMakesAFixedChainItsOwn() {
        assertThat(Ruleset.TABLE.chainNames()).noneMatch(NetworkChain::isOne);
    }

    private static List<String> rules(Set<NetworkFlag> flags, String... sources) {
        NetworkRules network = new NetworkRules(
                new InterfaceName("jbr-a"),
                List.of(IpPrefix.parse("10.77.0.0/24")),
                List.of(),
                flags,
                Exterior.DEFAULT,
                Stream.of(sources).map(IpPrefix::parse).toList(),
                Optional.empty());
        return NetworkChain.text(network)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("chain ") && !line.equals("}"))
                .toList();
    }
}
