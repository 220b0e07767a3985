package io.jnet.netlink.nftables;

import static io.jnet.netlink.nftables.NftablesAttribute.NFTA_LIST_ELEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.nftables.ElementField.Address;
import io.jnet.netlink.nftables.ElementField.Name;
import io.jnet.netlink.nftables.ElementField.Port;
import io.jnet.netlink.nftables.ElementField.Ports;
import io.jnet.netlink.nftables.ElementField.Prefix;
import io.jnet.netlink.nftables.ElementField.Protocol;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetElementTest {
    private static final Map<String, SetElement> GOLDEN = Map.of(
            "subnet.txt",
            SetElement.of("subnets4", new Name(new InterfaceName("jbr-a")), new Prefix(IpPrefix.parse("10.77.0.0/24"))),
            "published.txt",
            new SetElement(
                    "published4",
                    List.of(new Protocol(6), new Port(8080)),
                    List.of(new Address(IpAddress.parse("10.77.0.2")), new Port(80))),
            "range.txt",
            new SetElement(
                    "published_ranges6",
                    List.of(new Protocol(17), new Ports(20000, 29999)),
                    List.of(new Address(IpAddress.parse("fd00:77::3")))));

    @ParameterizedTest
    @ValueSource(strings = {"subnet.txt", "published.txt", "range.txt"})
    void encodesTheBytesThatNftSends(String file) {
        List<Attributes> entries =
                GOLDEN.get(file).entries().stream().map(ElementCodec::encode).toList();
        NetlinkWriter writer = NetlinkWriter.create();
        Attributes.none().withEach(NFTA_LIST_ELEM, entries).write(writer);

        assertThat(writer.toBytes()).isEqualTo(GoldenBytes.read(SetElementTest.class, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subnet.txt", "published.txt", "range.txt"})
    void decodesThemToTheSameEntries(String file) {
        SetElement element = GOLDEN.get(file);

        assertThat(decode(element.set(), GoldenBytes.read(SetElementTest.class, file)))
                .containsExactly(element.entries());
    }

    @Test
    void bothEndsOfAnIntervalBelongTogether() {
        assertThat(decode("masquerade4", GoldenBytes.read(SetElementTest.class, "masquerade.txt")))
                .containsExactly(
                        SetElement.of("masquerade4", new Prefix(IpPrefix.parse("10.77.0.0/24")))
                                .entries(),
                        SetElement.of("masquerade4", new Prefix(IpPrefix.parse("10.77.1.0/24")))
                                .entries());
    }

    @ParameterizedTest
    @ValueSource(strings = {"subnet.txt", "published.txt", "range.txt", "masquerade.txt"})
    void refusesWhatIsCutOff(String file) {
        byte[] whole = GoldenBytes.read(SetElementTest.class, file);
        int refused = 0;
        for (int length = 1; length < whole.length; length++) {
            try {
                decode("set", Arrays.copyOf(whole, length));
            } catch (NetlinkException failure) {
                assertThat(failure.errno()).isEqualTo(Errno.EBADMSG);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(whole.length / 2);
    }

    @Test
    void anIntervalUpToTheLastAddressHasNoEnd() {
        assertThat(SetElement.of("all", new Prefix(IpPrefix.parse("255.0.0.0/8")))
                        .entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.intervalEnd()).isFalse());
        assertThat(SetElement.of("one", new Prefix(IpPrefix.parse("10.0.0.255/32")))
                        .entries())
                .hasToString("[one { 0x0a0000ff }, one { 0x0a000100 end }]");
    }

    @Test
    void textIsWhatNftReads() {
        assertThat(GOLDEN.get("subnet.txt").text()).isEqualTo("\"jbr-a\" . 10.77.0.0/24");
        assertThat(GOLDEN.get("published.txt").text()).isEqualTo("6 . 8080 : 10.77.0.2 . 80");
        assertThat(GOLDEN.get("range.txt").text()).isEqualTo("17 . 20000-29999 : fd00:77::3");
    }

    @Test
    void refusesFieldsOutOfRange() {
        assertThatThrownBy(() -> new Ports(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ports(0, 65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Port(65536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Protocol(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SetElement.of("set")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SetElement("map", List.of(new Protocol(6)), List.of(new Ports(1, 2))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<List<SetEntry>> decode(String set, byte[] bytes) {
        NetlinkReader reader = NetlinkReader.of(bytes);
        Attributes list = Attributes.read(reader);
        reader.finish("elements");
        return ElementCodec.group(list.all(NFTA_LIST_ELEM).stream()
                .map(entry -> ElementCodec.decode(set, entry))
                .toList());
    }
}
