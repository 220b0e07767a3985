package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;

class GenerationChangeTest {
    private static final byte[] MESSAGE = GoldenBytes.read(GenerationChangeTest.class, "generation.txt");

    @Test
    void saysWhoMadeTheTransaction() {
        assertThat(GenerationChange.decode(NetlinkMessage.decodeAll(MESSAGE).get(0)))
                .contains(new GenerationChange(2, 942, "nft"));
    }

    @Test
    void refusesMalformedMessages() {
        DecoderContract.check(
                MESSAGE, message -> assertThat(GenerationChange.decode(message)).isNotNull());
    }
}
