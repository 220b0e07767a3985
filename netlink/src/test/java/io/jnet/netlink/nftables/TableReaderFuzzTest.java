package io.jnet.netlink.nftables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.netlink.AnsweredSocket;
import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.testkit.GoldenBytes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel says of a table may be any bytes: its comment, chains, sets, elements and rules, or a refusal. */
class TableReaderFuzzTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int NLMSG_DONE = 3;
    private static final int NLA_F_NESTED = 1 << 15;
    private static final int HEADER = 16;

    @MethodSource("answers")
    @FuzzTest
    void isReadOrRefused(byte[] datagram) {
        assertTimeout(LONGEST, () -> {
            read(datagram, socket -> assertThat(table(socket).comment()).isNotNull());
            read(datagram, socket -> assertThat(table(socket).chains()).doesNotContainNull());
            read(datagram, socket -> assertThat(table(socket).sets()).doesNotContainNull());
            read(datagram, socket -> assertThat(table(socket).elements("s"))
                    .allSatisfy(element -> assertThat(element).hasSizeBetween(1, 2)));
            ChainReference chain = new ChainReference(AddressFamily.INET, "t", "c");
            read(datagram, socket -> assertThat(new ChainReader(socket).targets(chain))
                    .doesNotContainNull());
            read(datagram, socket -> assertThat(new BaseChainReader(socket).list())
                    .doesNotContainNull());
        });
    }

    static Stream<byte[]> answers() {
        Stream<byte[]> elements = GoldenBytes.all(
                        TableReaderFuzzTest.class, "subnet.txt", "published.txt", "range.txt", "masquerade.txt")
                .map(list -> answer(NftablesMessage.NFT_MSG_NEWSETELEM, attribute(3 | NLA_F_NESTED, list)));
        byte[] name = attribute(1, new byte[] {'t', 0});
        byte[] comment = attribute(6, new byte[] {0, 3, 'j', 'n', 0});
        byte[] chain = attribute(3, new byte[] {'c', 0});
        byte[] hook = nest(4, joined(attribute(1, new byte[] {0, 0, 0, 2}), attribute(2, new byte[4])));
        byte[] verdict = nest(2, nest(2, nest(2, attribute(2, new byte[] {'d', 0}))));
        byte[] jump = nest(4, nest(1, joined(attribute(1, "immediate\0".getBytes(UTF_8)), verdict)));
        byte[] rule = joined(name, attribute(2, new byte[] {'c', 0}), jump);
        return Stream.concat(
                elements,
                Stream.of(
                        answer(NftablesMessage.NFT_MSG_NEWTABLE, joined(name, comment)),
                        answer(NftablesMessage.NFT_MSG_GETCHAIN, joined(name, chain)),
                        answer(NftablesMessage.NFT_MSG_GETCHAIN, joined(name, chain, hook, attribute(5, new byte[4]))),
                        answer(NftablesMessage.NFT_MSG_NEWRULE, rule)));
    }

    private static TableReader table(NetlinkSocket socket) {
        return new TableReader(socket, "t");
    }

    private static void read(byte[] datagram, Consumer<NetlinkSocket> question) {
        try (NetlinkSocket socket = AnsweredSocket.by(datagram)) {
            question.accept(socket);
        } catch (NetlinkException refused) {
            assertThat(refused).hasMessageContaining("(");
        }
    }

    /** One message of nftables, and the end of the list. */
    private static byte[] answer(int type, byte[] attributes) {
        byte[] family = {NftablesMessage.NFPROTO_INET, 0, 0, 0};
        return joined(message(type, joined(family, attributes)), message(NLMSG_DONE, new byte[4]));
    }

    private static byte[] message(int type, byte[] payload) {
        return NetlinkWriter.create()
                .u32(HEADER + payload.length)
                .u16(type)
                .u16(2)
                .s32(0)
                .s32(0)
                .bytes(payload)
                .align(4)
                .toBytes();
    }

    private static byte[] nest(int type, byte[] content) {
        return attribute(type | NLA_F_NESTED, content);
    }

    private static byte[] attribute(int type, byte[] value) {
        return NetlinkWriter.create()
                .u16(4 + value.length)
                .u16(type)
                .bytes(value)
                .align(4)
                .toBytes();
    }

    private static byte[] joined(byte[]... parts) {
        NetlinkWriter writer = NetlinkWriter.create();
        List.of(parts).forEach(writer::bytes);
        return writer.toBytes();
    }
}
