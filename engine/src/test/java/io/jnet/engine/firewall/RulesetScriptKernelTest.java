package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.nftables.Nftables;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link RulesetFuzzTest} makes is a ruleset: libnftables and the kernel take all of it, and each change of it. */
@KernelTest
class RulesetScriptKernelTest {
    private static final int SCRIPTS = 25;

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void everyRandomRulesetIsOne(long seed) {
        Random random = new Random(seed);
        try (Nftables nftables = Nftables.open()) {
            NeighbourTarget target = NeighbourTarget.of(nftables);
            int networks = 0;
            for (int i = 0; i < SCRIPTS; i++) {
                String script = RandomScript.of(random);
                FirewallState state = RulesetScript.read(script, UnaryOperator.identity());
                networks += state.networks().size();
                check(
                        Ruleset.TABLE.with(target).whole(state)
                                + BridgeRuleset.TABLE.with(target).whole(state),
                        script);
                take(nftables, Ruleset.TABLE.with(target), state, script);
            }
            assertThat(networks).as("networks of seed " + seed).isGreaterThan(SCRIPTS / 3);
        }
        assertThat(Commands.run("nft", "list", "ruleset")).isBlank();
    }

    /** With a context of its own: one that has checked something takes it for what the kernel has (nftables 1.0.6). */
    private static void check(String commands, String script) {
        try (Nftables nftables = Nftables.open()) {
            nftables.check("check the ruleset of\n" + script, commands);
        }
    }

    /** Each change in a transaction of its own, as the engine makes them. */
    private static void take(Nftables nftables, TableText table, FirewallState state, String script) {
        String operation = "change the ruleset of\n" + script;
        nftables.run(operation, table.withoutChains(state));
        nftables.run(operation, table.rules(state, Set.of()));
        for (NetworkRules network : state.networks()) {
            table.removeNetwork(network).ifPresent(commands -> nftables.run(operation, commands));
            table.addNetwork(network).ifPresent(commands -> nftables.run(operation, commands));
        }
        nftables.run(operation, table.uninstall());
    }
}
