package io.jnet.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkMessage;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EventListenerTest {
    private static final int HEADER_BYTES = 16;
    private static final NetlinkMessage MESSAGE = NetlinkMessage.decodeAll(ByteBuffer.allocate(HEADER_BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putInt(HEADER_BYTES)
                    .putShort((short) 16)
                    .array())
            .get(0);

    private final Queue<Supplier<List<NetlinkMessage>>> kernel = new ArrayDeque<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger changed = new AtomicInteger();

    @Test
    void hearsWhatConcerns() {
        says(List.of(MESSAGE, MESSAGE));
        says(List.of());
        listen(message -> true);
        assertThat(changed).hasValue(1);
        assertThat(lost).hasValue(0);
    }

    /** The kernel may tell a listener of any error (rtnl_set_sk_err). */
    @Test
    void goesOnAfterAnErrorThatNobodyExpects() {
        kernel.add(() -> {
            throw new KernelException("receive", "netlink", Errno.EINVAL);
        });
        says(List.of(MESSAGE));
        listen(message -> true);
        assertThat(lost).hasValue(1);
        assertThat(changed).as("once for what was not heard").hasValue(2);
    }

    @Test
    void goesOnAfterAMessageThatItDoesNotUnderstand() {
        says(List.of(MESSAGE));
        says(List.of(MESSAGE));
        AtomicInteger heard = new AtomicInteger();
        listen(message -> {
            if (heard.incrementAndGet() == 1) {
                throw new IllegalArgumentException("too short");
            }
            return true;
        });
        assertThat(lost).hasValue(1);
        assertThat(changed).hasValue(2);
    }

    private void says(List<NetlinkMessage> messages) {
        kernel.add(() -> messages);
    }

    private void listen(Predicate<NetlinkMessage> concerns) {
        new EventListener(
                        () -> kernel.remove().get(),
                        concerns,
                        lost::incrementAndGet,
                        changed::incrementAndGet,
                        kernel::isEmpty,
                        Duration.ZERO)
                .run();
    }
}
