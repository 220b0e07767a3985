package io.jnet.netlink.qdisc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jnet.netlink.Attributes;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.NetlinkReader;
import io.jnet.netlink.NetlinkWriter;
import io.jnet.netlink.testkit.DecoderContract;
import io.jnet.netlink.testkit.GoldenBytes;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QdiscTest {
    private static final Duration LATENCY = Duration.ofMillis(25);

    @Test
    void decodesATokenBucket() {
        Qdisc qdisc = Qdisc.decode(golden("tbf.txt"));
        assertThat(qdisc.link()).isEqualTo(3);
        assertThat(qdisc.isRoot()).isTrue();
        assertThat(qdisc.kind()).isEqualTo("tbf");
        assertThat(qdisc.tokenBucket()).contains(TokenBucket.of(1_000_000, 128 << 10, LATENCY));
    }

    @Test
    void decodesARateOfMoreThan32Bits() {
        TokenBucket bucket = Qdisc.decode(golden("tbf-fast.txt")).tokenBucket().orElseThrow();
        assertThat(bucket.rate()).isEqualTo(5_000_000_000L);
        assertThat(bucket.burst()).as("1 MiB, by ticks").isEqualTo(1_048_320);
        assertThat(bucket.isSameAs(TokenBucket.of(5_000_000_000L, 1 << 20, LATENCY)))
                .isTrue();
        assertThat(bucket.isSameAs(TokenBucket.of(5_000_000_000L, 1 << 19, LATENCY)))
                .isFalse();
        assertThat(bucket.isSameAs(TokenBucket.of(4_000_000_000L, 1 << 20, LATENCY)))
                .isFalse();
    }

    @Test
    void theQueueHoldsABurstAndWhatGoesWithinTheLatency() {
        assertThat(TokenBucket.of(1_000_000, 5_000, LATENCY)).isEqualTo(new TokenBucket(1_000_000, 5_000, 30_000));
        assertThat(TokenBucket.of(Long.MAX_VALUE, 5_000, LATENCY).limit()).isEqualTo(TokenBucket.MAX_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1", "1, 4294967296"})
    void refusesWhatIsNoBucket(long rate, long burst) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenBucket(rate, burst, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "1500, 1000000, 23438",
        "64, 1000000000, 1",
        "65, 1000000000, 2",
        "4294967295, 125, 4294967295",
        "4294967295, 9223372036854775807, 1"
    })
    void countsTicks(long bytes, long rate, long ticks) {
        assertThat(SchedulerClock.KERNEL.ticks(bytes, rate)).isEqualTo(ticks);
    }

    @Test
    void readsTheKernelsClock() {
        assertThat(SchedulerClock.parse("000003e8 00000040 000f4240 3b9aca00\n"))
                .isEqualTo(SchedulerClock.KERNEL);
        assertThat(SchedulerClock.parse("000003e8 00000400 000f4240 3b9aca00\n"))
                .isEqualTo(new SchedulerClock(1024));
        assertThat(SchedulerClock.parse("000003e8 00000000")).isEqualTo(SchedulerClock.KERNEL);
        assertThat(SchedulerClock.parse("x y")).isEqualTo(SchedulerClock.KERNEL);
        assertThat(SchedulerClock.parse("")).isEqualTo(SchedulerClock.KERNEL);
    }

    @Test
    void decodesARedirection() {
        Filter filter = Filter.decode(golden("redirect.txt"));
        assertThat(filter.link()).isEqualTo(3);
        assertThat(filter.priority()).isEqualTo(27246);
        assertThat(filter.kind()).isEqualTo("u32");
        assertThat(filter.redirection()).hasValue(4);
    }

    @Test
    void asksForARedirectionAsTcDoes() {
        NetlinkReader reader = golden("add-redirect.txt").reader();
        TrafficControlHeader.read(reader);
        Attributes sent = Attributes.read(reader);
        assertThat(sent.get(TrafficControlAttribute.TCA_OPTIONS)).contains(RedirectionAttribute.toLink(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tbf.txt", "tbf-fast.txt", "redirect.txt", "add-redirect.txt"})
    void encodesTheSameBytesAgain(String file) {
        NetlinkMessage message = golden(file);
        Qdisc qdisc = Qdisc.decode(message);
        NetlinkWriter writer = NetlinkWriter.create();
        qdisc.header().write(writer);
        qdisc.attributes().write(writer);
        assertThat(writer.toBytes()).isEqualTo(message.payload());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tbf.txt", "tbf-fast.txt"})
    void refusesMalformedQdiscs(String file) {
        DecoderContract.check(GoldenBytes.read(QdiscTest.class, file), message -> {
            Qdisc qdisc = Qdisc.decode(message);
            assertThat(qdisc.tokenBucket()).isNotNull();
            assertThat(qdisc.kind()).isNotNull();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect.txt", "add-redirect.txt"})
    void refusesMalformedFilters(String file) {
        DecoderContract.check(GoldenBytes.read(QdiscTest.class, file), message -> {
            Filter filter = Filter.decode(message);
            assertThat(filter.redirection()).isNotNull();
            assertThat(filter.priority()).isNotNegative();
        });
    }

    private static NetlinkMessage golden(String file) {
        return NetlinkMessage.decodeAll(GoldenBytes.read(QdiscTest.class, file)).get(0);
    }
}
