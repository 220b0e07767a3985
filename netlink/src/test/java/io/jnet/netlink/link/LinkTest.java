package io.jnet.netlink.link;

import static io.jnet.netlink.link.LinkAttribute.IFLA_ADDRESS;
import static io.jnet.netlink.link.LinkAttribute.IFLA_AF_SPEC;
import static io.jnet.netlink.link.LinkAttribute.IFLA_GROUP;
import static io.jnet.netlink.link.LinkAttribute.IFLA_IFNAME;
import static io.jnet.netlink.link.LinkAttribute.IFLA_LINK;
import static io.jnet.netlink.link.LinkAttribute.IFLA_LINKINFO;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MASTER;
import static io.jnet.netlink.link.LinkAttribute.IFLA_MTU;
import static io.jnet.netlink.link.LinkAttribute.IFLA_OPERSTATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.Attribute;
import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {
    /** Without IFLA_IFALIAS: the kernel answers it with a terminating zero, and would count one in a request. */
    private static final List<Attribute<?>> DECLARED = List.of(
            IFLA_ADDRESS,
            IFLA_IFNAME,
            IFLA_MTU,
            IFLA_LINK,
            IFLA_MASTER,
            IFLA_OPERSTATE,
            IFLA_LINKINFO,
            IFLA_AF_SPEC,
            IFLA_GROUP);

    @Test
    void decodesABridge() {
        Link bridge = Link.decode(golden("bridge.txt"));
        assertThat(bridge.index()).isEqualTo(2);
        assertThat(bridge.name()).isEqualTo("jbr-golden");
        assertThat(bridge.mac()).contains(MacAddress.parse("02:42:aa:00:00:01"));
        assertThat(bridge.mtu()).isEqualTo(1450);
        assertThat(bridge.isUp()).isTrue();
        assertThat(bridge.hasCarrier()).isTrue();
        assertThat(bridge.isLoopback()).isFalse();
        assertThat(bridge.operationalState()).isEqualTo(OperationalState.UP);
        assertThat(bridge.master()).isEmpty();
        assertThat(bridge.peer()).isEmpty();
        assertThat(bridge.alias()).isEmpty();
        assertThat(bridge.group()).isZero();
        assertThat(bridge.bridgePortFlags()).isEmpty();
        assertThat(bridge.kind().orElseThrow()).isInstanceOfSatisfying(LinkKind.Bridge.class, kind -> {
            assertThat(kind.forwardDelay()).contains(0L);
            assertThat(kind.hasSpanningTree()).isFalse();
        });
    }

    @Test
    void decodesAVethInABridge() {
        Link veth = Link.decode(golden("veth.txt"));
        assertThat(veth.index()).isEqualTo(4);
        assertThat(veth.name()).isEqualTo("jvgolden");
        assertThat(veth.master()).hasValue(2);
        assertThat(veth.peer()).hasValue(3);
        assertThat(veth.isPeerElsewhere()).isFalse();
        assertThat(veth.alias()).contains("jnet: golden");
        assertThat(veth.bridgePortFlags()).containsExactly(BridgePortFlag.HAIRPIN);
        assertThat(veth.kind()).containsInstanceOf(LinkKind.Veth.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge.txt", "veth.txt", "create-bridge.txt", "create-veth.txt"})
    void encodesTheSameBytesAgain(String file) {
        NetlinkMessage message = golden(file);
        Link link = Link.decode(message);
        NetlinkWriter writer = NetlinkWriter.create();
        link.header().write(writer);
        link.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge.txt", "veth.txt"})
    void eachDeclaredAttributeEncodesWhatItDecoded(String file) {
        Attributes attributes = Link.decode(golden(file)).attributes();
        DECLARED.forEach(attribute -> assertSameBytes(attributes, attribute));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge.txt", "veth.txt", "create-veth.txt"})
    void refusesMalformedMessages(String file) {
        DecoderContract.check(GoldenBytes.read(LinkTest.class, file), LinkTest::decodeWhole);
    }

    private static <T> void assertSameBytes(Attributes attributes, Attribute<T> attribute) {
        attributes.get(attribute).ifPresent(value -> assertThat(attributes.list())
                .as(attribute.kernelName())
                .contains(Attributes.of(attribute, value).list().get(0)));
    }

    private static void decodeWhole(NetlinkMessage message) {
        Link link = Link.decode(message);
        List<Object> values = List.of(
                link.name(),
                link.mac(),
                link.mtu(),
                link.operationalState(),
                link.master(),
                link.peer(),
                link.alias(),
                link.group(),
                link.bridgePortFlags(),
                link.kind());
        assertThat(values).allMatch(Objects::nonNull);
        link.kind().ifPresent(kind -> assertThat(kind.encode()).isNotNull());
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(LinkTest.class, file)).get(0);
    }
}
