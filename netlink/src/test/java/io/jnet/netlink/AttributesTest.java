package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttributesTest {
    private static final Attribute<Long> NUMBER = Attribute.of(1, "NUMBER", AttributeCodec.U32);
    private static final Attribute<Long> BIG = Attribute.of(2, "BIG", AttributeCodec.U64_BIG);
    private static final Attribute<String> NAME = Attribute.of(3, "NAME", AttributeCodec.STRING);
    private static final Attribute<Boolean> FLAG = Attribute.of(4, "FLAG", AttributeCodec.FLAG);
    private static final Attribute<Attributes> NEST = Attribute.of(5, "NEST", AttributeCodec.NESTED_FLAGGED);
    private static final Attribute<String> LOUD =
            Attribute.of(6, "LOUD", AttributeCodec.STRING.map(AttributesTest::refuseEmpty, value -> value));

    /** Values are parts of a message's bytes, wherever they are in it. */
    @Test
    void attributesAreEqualWhereverTheyWereRead() {
        byte[] two = NetlinkWriter.create()
                .u16(8)
                .u16(3)
                .u32(77)
                .u16(8)
                .u16(3)
                .u32(77)
                .toBytes();
        List<RawAttribute> read = Attributes.read(NetlinkReader.of(two)).list();
        assertThat(read.get(0))
                .isEqualTo(read.get(1))
                .hasSameHashCodeAs(read.get(1))
                .hasToString(read.get(1).toString());
        assertThat(read.get(1))
                .isEqualTo(RawAttribute.of(3, read.get(0).value()))
                .isNotEqualTo(RawAttribute.of(4, read.get(0).value()));
    }

    @Test
    void answersWhatWasWritten() {
        Attributes attributes = Attributes.of(NUMBER, 7L)
                .with(BIG, -1L)
                .with(NAME, Optional.of("text"))
                .with(NAME, Optional.empty())
                .with(FLAG, true)
                .with(NEST, Attributes.of(NUMBER, 8L).withEach(NUMBER, List.of(9L, 10L)));
        Attributes read = reread(attributes);
        assertThat(read).isEqualTo(attributes);
        assertThat(read.get(NUMBER)).contains(7L);
        assertThat(read.get(BIG)).contains(-1L);
        assertThat(read.all(NAME)).containsExactly("text");
        assertThat(read.has(FLAG)).isTrue();
        assertThat(read.get(NEST).orElseThrow().all(NUMBER)).containsExactly(8L, 9L, 10L);
        assertThat(read.get(LOUD)).isEmpty();
    }

    @Test
    void keepsTypeFlagsAndUnknownAttributes() {
        Attributes attributes = Attributes.of(NEST, Attributes.none()).with(RawAttribute.of(999, new byte[] {1, 2, 3}));
        NetlinkWriter writer = NetlinkWriter.create();
        attributes.write(writer);
        assertThat(writer.toBytes()).containsExactly(4, 0, 5, 0x80, 7, 0, 999 & 0xff, 999 >> 8, 1, 2, 3, 0);
        assertThat(reread(attributes).list().get(1).value()).containsExactly(1, 2, 3);
    }

    @Test
    void namesTheAttributeWhoseValueHasTheWrongLength() {
        Attributes attributes =
                Attributes.none().with(RawAttribute.of(1, new byte[] {1, 2})).with(RawAttribute.of(2, new byte[9]));
        assertThatThrownBy(() -> attributes.get(NUMBER)).hasMessageContaining("decode NUMBER: malformed message");
        Attributes tooLong = Attributes.none().with(RawAttribute.of(1, new byte[5]));
        assertThatThrownBy(() -> tooLong.get(NUMBER)).hasMessageContaining("1 bytes too many");
        assertThatThrownBy(() -> attributes.all(BIG)).hasMessageContaining("decode BIG: malformed message");
    }

    @Test
    void takesARefusalOfTheMappingForAMalformedValue() {
        Attributes attributes = Attributes.none().with(RawAttribute.of(6, new byte[0]));
        assertThatThrownBy(() -> attributes.get(LOUD))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("decode LOUD: malformed message (EBADMSG): empty");
    }

    @Test
    void refusesLengthsThatLeaveTheNest() {
        NetlinkReader reader = NetlinkReader.of(new byte[] {8, 0, 1, 0, 1, 2, 3});
        Attributes.read(reader);
        assertThatThrownBy(() -> reader.finish("test")).hasMessageContaining("4 bytes wanted, 3 bytes left");
        NetlinkReader endless = NetlinkReader.of(new byte[] {0, 0, 1, 0});
        Attributes.read(endless);
        assertThatThrownBy(() -> endless.finish("test")).hasMessageContaining("attribute of length 0");
    }

    @Test
    void refusesToWriteAValueBeyondTheLengthField() {
        Attributes attributes = Attributes.none().with(RawAttribute.of(1, new byte[0x10000]));
        assertThatThrownBy(() -> attributes.write(NetlinkWriter.create())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Attributes reread(Attributes attributes) {
        NetlinkWriter writer = NetlinkWriter.create();
        attributes.write(writer);
        NetlinkReader reader = NetlinkReader.of(writer.toBytes());
        Attributes read = Attributes.read(reader);
        reader.finish("test");
        return read;
    }

    private static String refuseEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }
}
