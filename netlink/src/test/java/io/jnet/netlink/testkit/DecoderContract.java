package io.jnet.netlink.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.libc.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** What every decoder of messages owes: it refuses malformed input with {@link NetlinkException}, EBADMSG, and with nothing else. */
public final class DecoderContract {
    private static final int HEADER_LENGTH = 16;
    private static final int DAMAGES = 5_000;
    /** Far more than any datagram takes, a garbage collection included. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private DecoderContract() {}

    /**
     * Checks a decoder with one good message.
     *
     * @param decoder decodes, and asks for every value
     */
    public static void check(byte[] message, Consumer<NetlinkMessage> decoder) {
        assertThat(NetlinkMessage.decodeAll(message)).singleElement().satisfies(decoder);
        for (int length = 1; length < message.length; length++) {
            refuseCut(message, length);
            containCutWithItsLength(message, length, decoder);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < DAMAGES; round++) {
            contain(damage(message, random), decoder, "seed " + seed);
        }
    }

    /**
     * Checks a decoder with any bytes.
     *
     * @param decoder decodes, and asks for every value
     */
    public static void checkAny(byte[] datagram, Consumer<NetlinkMessage> decoder) {
        assertTimeout(LONGEST, () -> contain(datagram, decoder, "any bytes"));
    }

    /** The length in the header says more than there is. */
    private static void refuseCut(byte[] message, int length) {
        assertThatThrownBy(() -> NetlinkMessage.decodeAll(Arrays.copyOf(message, length)))
                .as("cut to %d bytes", length)
                .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EBADMSG));
    }

    /** The length in the header agrees: the decoder's own checks are at work. */
    private static void containCutWithItsLength(byte[] message, int length, Consumer<NetlinkMessage> decoder) {
        if (length >= HEADER_LENGTH) {
            byte[] cut = Arrays.copyOf(message, length);
            ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(0, length);
            contain(cut, decoder, "cut to " + length);
        }
    }

    private static void contain(byte[] datagram, Consumer<NetlinkMessage> decoder, String description) {
        try {
            NetlinkMessage.decodeAll(datagram).forEach(decoder);
        } catch (NetlinkException refused) {
            assertThat(refused.errno()).as(description).isEqualTo(Errno.EBADMSG);
        } catch (RuntimeException failure) {
            throw new AssertionError(description, failure);
        }
    }

    private static byte[] damage(byte[] message, Random random) {
        byte[] damaged = message.clone();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
