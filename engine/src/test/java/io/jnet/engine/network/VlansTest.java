package io.jnet.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.store.StateJson;
import io.jnet.netlink.link.BridgeVlan;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VlansTest {
    private static final List<VlanRange> TRUNK = List.of(new VlanRange(10, 12), new VlanRange(7, 7));

    @Test
    void theSameVlansAreTheSameInAnyOrder() {
        Vlans inParts = new Vlans(
                OptionalInt.of(5),
                List.of(new VlanRange(12, 12), new VlanRange(7, 7), new VlanRange(10, 11), new VlanRange(11, 11)),
                false);
        assertThat(inParts).isEqualTo(new Vlans(OptionalInt.of(5), TRUNK, false));
        assertThat(inParts).hasToString("vlan 5, vlanTrunk 7,10-12");
    }

    @Test
    void theVlanOfFramesWithoutATagComesLast() {
        assertThat(new Vlans(OptionalInt.of(11), TRUNK, false).ofPort())
                .containsExactly(BridgeVlan.tagged(7, 7), BridgeVlan.tagged(10, 12), BridgeVlan.untagged(11));
        assertThat(new Vlans(OptionalInt.empty(), TRUNK, false).ofUntaggedFrames())
                .isEqualTo(BridgeVlan.untagged(1));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        Vlans vlans = new Vlans(OptionalInt.of(5), TRUNK, true);
        assertThat(StateJson.decode(StateJson.encode(vlans), Vlans.class, "x")).isEqualTo(vlans);
        Vlans trunk = new Vlans(OptionalInt.empty(), TRUNK, false);
        assertThat(StateJson.decode(StateJson.encode(trunk), Vlans.class, "x")).isEqualTo(trunk);
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "5, 4095", "6, 5"})
    void refusesWhatIsNoVlan(int first, int last) {
        assertThatExceptionOfType(EngineException.class).isThrownBy(() -> new VlanRange(first, last));
    }

    @Test
    void refusesNone() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new Vlans(OptionalInt.empty(), List.of(), true));
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> new Vlans(OptionalInt.of(4095), List.of(), false));
    }
}
