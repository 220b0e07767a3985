package io.jnet.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import org.junit.jupiter.api.Test;

class ErrorMessageTest {
    private static final byte[] GOLDEN = GoldenBytes.read(ErrorMessageTest.class, "error.txt");

    @Test
    void readsTheKernelsTextBehindTheRepeatedRequest() {
        ErrorMessage error =
                ErrorMessage.decode(NetlinkMessage.decodeAll(GOLDEN).get(0));
        assertThat(error).isEqualTo(new ErrorMessage(95, "Unknown device type", NetlinkException.NO_OFFSET));
        assertThat(error.toException(new NetlinkRequest.Description("create", "jvx")))
                .hasMessage("create jvx: operation not supported (EOPNOTSUPP): Unknown device type");
    }

    @Test
    void refusesMalformedMessages() {
        DecoderContract.check(GOLDEN, ErrorMessage::decode);
    }
}
