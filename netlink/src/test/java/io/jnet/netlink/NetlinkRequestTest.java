package io.jnet.netlink;

import static io.jnet.netlink.nftables.NftablesMessage.NFNL_SUBSYS_NFTABLES;
import static io.jnet.netlink.nftables.NftablesMessage.NFT_MSG_NEWTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.GoldenBytes;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other programs sent is decoded and encoded again, to the same bytes. */
class NetlinkRequestTest {
    private static final Attribute<String> NFTA_TABLE_NAME = Attribute.of(1, "NFTA_TABLE_NAME", AttributeCodec.STRING);
    private static final Attribute<Long> NFTA_TABLE_FLAGS = Attribute.of(2, "NFTA_TABLE_FLAGS", AttributeCodec.U32_BIG);

    @ParameterizedTest
    @CsvSource({
        "link/create-bridge.txt, 16",
        "link/create-veth.txt, 16",
        "address/add-ipv4.txt, 8",
        "route/add.txt, 12",
        "conntrack/delete.txt, 4",
    })
    void encodesWhatItDecoded(String file, int headerLength) {
        byte[] golden = GoldenBytes.read(NetlinkRequestTest.class, file);
        NetlinkMessage message = NetlinkMessage.decodeAll(golden).get(0);
        NetlinkReader reader = message.reader();
        byte[] header = reader.bytes(headerLength);
        NetlinkRequest request = NetlinkRequest.of(message.type(), writer -> writer.bytes(header), "test", file)
                .withFlags(message.header().flags())
                .withAttributes(Attributes.read(reader));
        NetlinkWriter writer = NetlinkWriter.create();
        request.write(writer, message.header().sequence(), message.header().portId());
        assertThat(writer.toBytes()).isEqualTo(golden);
    }

    @Test
    void encodesABatchAsNftDoes() {
        NetlinkRequest table = NetlinkRequest.of(NFT_MSG_NEWTABLE, NetfilterHeader.of(1), "add table", "golden")
                .withAttributes(Attributes.of(NFTA_TABLE_NAME, "golden").with(NFTA_TABLE_FLAGS, 0L))
                .withoutAcknowledgement();
        List<NetlinkRequest> batch = NetfilterBatch.frame(NFNL_SUBSYS_NFTABLES, OptionalLong.empty(), List.of(table));
        assertThat(new Exchange(batch, 0).encode(0)).isEqualTo(GoldenBytes.read(NetlinkRequestTest.class, "batch.txt"));
    }

    @Test
    void decodesABatchOfNft() {
        List<NetlinkMessage> messages =
                NetlinkMessage.decodeAll(GoldenBytes.read(NetlinkRequestTest.class, "batch.txt"));
        assertThat(messages).hasSize(3);
        assertThat(NetfilterHeader.read(messages.get(0).reader())).isEqualTo(new NetfilterHeader(0, 10));
        NetlinkReader reader = messages.get(1).reader();
        assertThat(NetfilterHeader.read(reader)).isEqualTo(NetfilterHeader.of(1));
        Attributes attributes = Attributes.read(reader);
        assertThat(attributes.get(NFTA_TABLE_NAME)).contains("golden");
        assertThat(attributes.get(NFTA_TABLE_FLAGS)).contains(0L);
    }
}
