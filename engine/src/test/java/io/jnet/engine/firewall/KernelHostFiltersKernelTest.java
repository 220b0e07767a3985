package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@KernelTest
class KernelHostFiltersKernelTest {
    private KernelHostFilters filters;

    @BeforeEach
    void open() {
        filters = KernelHostFilters.open();
    }

    @AfterEach
    void close() {
        filters.close();
    }

    @Test
    void aHostWithoutAnyHasNone() {
        assertThat(filters.look()).isEqualTo(HostFilters.NONE);
        Commands.run("iptables-nft", "-w", "-P", "FORWARD", "DROP");
        assertThat(filters.look()).as("what Docker does").isEqualTo(HostFilters.NONE);
    }

    @Test
    void anInputPolicyIsAGuard() {
        Commands.run("iptables-nft", "-w", "-P", "INPUT", "DROP");
        assertThat(filters.look().guard()).contains("iptables INPUT");
        Commands.run("iptables-nft", "-w", "-N", "ufw-user-input");
        assertThat(filters.look().guard()).contains("ufw");
    }

    @Test
    void soIsAnyChainThatDropsAndFirewalldByTheNameOfItsTable() {
        load("table inet host { chain in { type filter hook input priority filter; policy drop; }; }");
        assertThat(filters.look().guard()).contains("table inet host, chain in");
        load("table inet firewalld { chain filter_INPUT { type filter hook input priority filter + 10; }; }");
        assertThat(filters.look()).isEqualTo(new HostFilters(Optional.of("firewalld"), List.of(), true));
    }

    @Test
    void aForwardPolicyIsABarrierUntilItsOwnerTakesTheAdvice() {
        load("table inet host { chain through { type filter hook forward priority filter; policy drop; }; }");
        ForwardBarrier barrier = new ForwardBarrier("inet host", "through", 0);
        assertThat(filters.look().barriers()).containsExactly(barrier);
        assertThat(barrier.command())
                .isEqualTo("nft insert rule inet host through meta mark and 0x1000 == 0x1000 accept");

        Commands.run(barrier.command().split(" ", -1));
        assertThat(filters.look().barriers()).isEmpty();
    }

    @Test
    void wherePacketsDoNotCarryTheMarkTheAdviceIsByTheBridges() {
        load("table ip early { chain through { type filter hook forward priority -150; policy drop; }; }");
        ForwardBarrier barrier = new ForwardBarrier("ip early", "through", -150);
        assertThat(filters.look().barriers()).containsExactly(barrier);

        for (String command : barrier.command().split("; ", -1)) {
            Commands.run(command.replace("\"", "").split(" ", -1));
        }
        assertThat(Commands.run("nft", "list", "table", "ip", "early"))
                .contains("iifname \"jbr-*\" accept", "oifname \"jbr-*\" accept");
        assertThat(filters.look().barriers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chain through { type filter hook forward priority filter; policy drop; jump ours; }; chain ours { iifname \"jbr-*\" accept; }",
                "set bridges { type ifname; flags interval; elements = { \"docker0\", \"jbr-*\" }; };"
                        + " chain through { type filter hook forward priority filter; policy drop; iifname @bridges accept; }",
                "chain through { type filter hook forward priority filter; policy drop; iifname { \"docker0\", \"jbr-*\" } accept; }",
                "chain through { type filter hook forward priority filter; policy drop;"
                        + " iifname . ip daddr { \"docker0\" . 10.0.0.1, \"jbr-web\" . 10.0.0.2 } accept; }",
            })
    void neitherIsItOneWhenItsOwnerHasThoughtOfTheBridgesElsewhere(String chains) {
        load("table inet host { " + chains + "; }");
        assertThat(filters.look().barriers()).isEmpty();
    }

    @Test
    void whatIsSaidOfTheBridgesOnAnotherWayDoesNotCount() {
        load(
                "table inet host { set names { type ifname; flags interval; elements = { \"jbr-*\" }; };"
                        + " chain in { type filter hook input priority filter; iifname @names accept; };"
                        + " set blocked { type ipv4_addr; elements = { 192.0.2.1 }; };"
                        + " chain through { type filter hook forward priority filter; policy drop; ip saddr @blocked drop; }; }");
        assertThat(filters.look().barriers()).containsExactly(new ForwardBarrier("inet host", "through", 0));
    }

    @Test
    void aRuleOfIptablesAboutTheMarkIsTheOwnersWordToo() {
        Commands.run("iptables-nft", "-w", "-t", "mangle", "-P", "FORWARD", "DROP");
        assertThat(filters.look().barriers()).hasSize(1);
        Commands.run("iptables-nft -w -t mangle -A FORWARD -m mark --mark 0x1000/0x1000 -j ACCEPT".split(" ", -1));
        assertThat(filters.look().barriers()).isEmpty();
    }

    /** A port and a rate of the same bytes. */
    @Test
    void numbersThatLookLikeTheMarkAreNone() {
        load("table inet host { chain through { type filter hook forward priority filter; policy drop;"
                + " tcp dport 4096 accept; ip daddr 192.0.2.1 limit rate 1 mbytes/second accept; }; }");
        assertThat(filters.look().barriers()).containsExactly(new ForwardBarrier("inet host", "through", 0));
    }

    private static void load(String commands) {
        try (Nftables nftables = Nftables.open()) {
            nftables.run("load", commands);
        }
    }
}
