package io.jnet.netlink.link;

import static io.jnet.netlink.RouteMessage.RTM_DELLINK;
import static io.jnet.netlink.RouteMessage.RTM_SETLINK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeVlansTest {
    private static final int PORT = 4;
    private static final int BRIDGE = 2;
    private static final BridgeVlan FIVE = BridgeVlan.untagged(5);

    @Test
    void asksAsTheBridgeCommandDoes() {
        assertSame("add-vlan.txt", add(PORT, BridgeSide.PORT, FIVE));
        assertSame("add-vlan-range.txt", add(PORT, BridgeSide.PORT, BridgeVlan.tagged(10, 20)));
        assertSame("add-vlan-self.txt", add(BRIDGE, BridgeSide.SELF, FIVE));
        assertSame(
                "remove-vlan.txt",
                BridgeVlans.request(RTM_DELLINK, "remove", PORT, BridgeSide.PORT, List.of(BridgeVlan.tagged(1, 1))));
    }

    @Test
    void decodesThoseOfAPort() {
        Link port = Link.decode(golden("port-vlans.txt"));
        assertThat(port.name()).isEqualTo("v0");
        assertThat(BridgeVlans.vlans(port))
                .containsExactly(
                        new BridgeVlan(1, 1, Set.of(BridgeVlanFlag.UNTAGGED)), FIVE, BridgeVlan.tagged(10, 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"port-vlans.txt", "add-vlan.txt", "add-vlan-range.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(
                GoldenBytes.read(BridgeVlansTest.class, file),
                message -> assertThat(BridgeVlans.vlans(Link.decode(message))).isNotNull());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 4095", "5, 4"})
    void refusesWhatIsNoVlan(int first, int last) {
        assertThatIllegalArgumentException().isThrownBy(() -> BridgeVlan.tagged(first, last));
    }

    @Test
    void framesWithoutATagAreOfOneVlan() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BridgeVlan(5, 6, Set.of(BridgeVlanFlag.PVID)));
    }

    private static NetlinkRequest add(int link, BridgeSide side, BridgeVlan vlan) {
        return BridgeVlans.request(RTM_SETLINK, "add", link, side, List.of(vlan));
    }

    private static void assertSame(String file, NetlinkRequest request) {
        NetlinkMessage message = golden(file);
        NetlinkWriter writer = NetlinkWriter.create();
        request.header().write(writer);
        request.attributes().write(writer);
        assertThat(request.type()).as(file).isEqualTo(message.header().type());
        assertThat(writer.toBytes()).as(file).isEqualTo(message.payload());
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(BridgeVlansTest.class, file))
                .get(0);
    }
}
