package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NetlinkReaderTest {
    @Test
    void readsBackWhatTheWriterWroteInEitherOrder() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            byte[] bytes = NetlinkWriter.create()
                    .withOrder(order)
                    .u8(0xff)
                    .u16(0xfffe)
                    .u32(0xffff_fffdL)
                    .s32(-4)
                    .u64(-5)
                    .align(8)
                    .bytes(new byte[] {1, 2, 3})
                    .toBytes();
            assertThat(bytes).hasSize(27);
            NetlinkReader reader = NetlinkReader.of(bytes).withOrder(order);
            assertThat(reader.u8()).isEqualTo(0xff);
            assertThat(reader.u16()).isEqualTo(0xfffe);
            assertThat(reader.u32()).isEqualTo(0xffff_fffdL);
            assertThat(reader.s32()).isEqualTo(-4);
            assertThat(reader.u64()).isEqualTo(-5);
            reader.align(8);
            assertThat(reader.rest()).containsExactly(1, 2, 3);
            assertThatCode(() -> reader.finish("test")).doesNotThrowAnyException();
        }
    }

    @Test
    void bigEndianIsNetworkOrder() {
        assertThat(NetlinkWriter.create()
                        .withOrder(ByteOrder.BIG_ENDIAN)
                        .u32(0x01020304)
                        .toBytes())
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void keepsTheFirstErrorAndAnswersNothingAfterIt() {
        NetlinkReader reader = NetlinkReader.of(new byte[] {1, 2, 3, 4, 5, 6});
        reader.u32();
        assertThat(reader.u32()).isZero();
        assertThat(reader.u8()).isZero();
        assertThat(reader.remaining()).isZero();
        assertThat(reader.rest()).isEmpty();
        reader.fail("later");
        assertThatThrownBy(() -> reader.finish("message"))
                .isInstanceOf(NetlinkException.class)
                .hasMessage("decode message: malformed message (EBADMSG): 4 bytes wanted, 2 bytes left, at byte 4");
    }

    @Test
    void aPartIsBoundedAndSharesItsErrors() {
        NetlinkReader reader = NetlinkReader.of(new byte[8]);
        NetlinkReader part = reader.part(2);
        assertThat(reader.offset()).isEqualTo(2);
        part.u32();
        assertThatThrownBy(() -> reader.finish("message")).hasMessageContaining("4 bytes wanted, 2 bytes left");
    }

    @Test
    void theWriterRefusesWhatDoesNotFit() {
        NetlinkWriter writer = NetlinkWriter.create();
        assertThatThrownBy(() -> writer.u8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u16(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.u32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
        assertThat(writer.length()).isZero();
    }
}
