package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighbourTargetTest {
    private static final FirewallState STATE = new FirewallState(
            "test",
            List.of(),
            List.of(),
            List.of(new BridgePortRules(
                    new InterfaceName("jv0"),
                    MacAddress.parse("02:00:00:00:00:01"),
                    List.of(IpAddress.parse("fd00:1::2")),
                    Set.of(NetworkFlag.PORT_SECURITY))),
            Surroundings.NONE);

    @Test
    void olderReleasesAreToldPositionAndLength() {
        String text = BridgeRuleset.TABLE.with(NeighbourTarget.BITS).whole(STATE);
        assertThat(text)
                .isEqualTo(BridgeRuleset.TABLE.whole(STATE))
                .contains("typeof iifname . @th,64,128\n", "\"jv0\" . 0xfd000001000000000000000000000002,")
                .doesNotContain("taddr");
    }

    @Test
    void newerReleasesAreToldTheNameInRulesSetsAndElements() {
        String text = BridgeRuleset.TABLE.with(NeighbourTarget.NAME).whole(STATE);
        assertThat(text)
                .contains(
                        "typeof iifname . icmpv6 taddr\n",
                        "typeof icmpv6 taddr : ether daddr\n",
                        "\"jv0\" . fd00:1::2,",
                        "ether daddr set icmpv6 taddr map @gateway_macs6",
                        "iifname . icmpv6 taddr != @port_targets6")
                .doesNotContain("@th,64,128", "0xfd00");
    }

    /** Another library needs another table, since the type of a set cannot be changed in place. */
    @Test
    void theTwoAreDifferentStructures() {
        assertThat(BridgeRuleset.TABLE.with(NeighbourTarget.NAME).commentText(STATE))
                .isNotEqualTo(BridgeRuleset.TABLE.commentText(STATE));
        assertThat(Ruleset.TABLE.with(NeighbourTarget.NAME).commentText(STATE))
                .isEqualTo(Ruleset.TABLE.commentText(STATE));
    }
}
