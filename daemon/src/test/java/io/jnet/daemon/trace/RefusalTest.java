package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.nftables.TracedPacket;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    private static final IpAddress FOUR = IpAddress.parse("198.51.100.1");
    private static final IpAddress SIX = IpAddress.parse("2001:db8::1");

    @ParameterizedTest
    @CsvSource({"0, ABSENT", "1, ABSENT", "2, OTHER", "3, PORT", "9, OTHER", "10, OTHER", "13, OTHER", "200, OTHER"})
    void codesOfIpv4(int code, Refusal.Reason reason) {
        assertThat(of(FOUR, OptionalInt.of(code))).contains(new Refusal(FOUR, reason));
    }

    @ParameterizedTest
    @CsvSource({"0, ABSENT", "1, OTHER", "3, ABSENT", "4, PORT", "5, OTHER", "6, ABSENT"})
    void codesOfIpv6(int code, Refusal.Reason reason) {
        assertThat(of(SIX, OptionalInt.of(code))).contains(new Refusal(SIX, reason));
    }

    @Test
    void packetsThatAreToBeSmallerAndAllOthersAreNone() {
        assertThat(of(FOUR, OptionalInt.of(4))).isEmpty();
        assertThat(of(FOUR, OptionalInt.empty())).isEmpty();
    }

    /** A machine that has the address does not mean it. */
    @Test
    void whoSaysSoOfItselfRefuses() {
        Refusal absent = new Refusal(FOUR, Refusal.Reason.ABSENT);
        assertThat(absent.isNoWay(FOUR)).isFalse();
        assertThat(absent.isNoWay(IpAddress.parse("192.0.2.1"))).isTrue();
        Refusal port = new Refusal(FOUR, Refusal.Reason.PORT);
        assertThat(port.isNoPort(FOUR)).isTrue();
        assertThat(port.isNoPort(IpAddress.parse("192.0.2.1")))
                .as("a firewall's in between")
                .isFalse();
    }

    private static Optional<Refusal> of(IpAddress by, OptionalInt code) {
        return Refusal.of(new TracedPacket(by, IpAddress.any(by.family()), 1, 0, 0, 0, code));
    }
}
