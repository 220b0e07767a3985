package io.jnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixListener;
import io.jnet.netlink.namespace.NamespaceClaim.Holder;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KernelTest
class NamespaceClaimKernelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void oneHasTheNameUntilItIsGivenBack() throws Exception {
        try (NamespaceClaim claim = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(claim).isNotNull();
            assertThat(NamespaceClaim.take("jnet-test", "a test")).isEmpty();
            try (NamespaceClaim another =
                    NamespaceClaim.take("jnet-test-2", "a test").orElseThrow()) {
                assertThat(another).isNotNull();
            }
        }
        assertThat(NamespaceClaim.holder("jnet-test")).isEmpty();
        try (NamespaceClaim again = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void aNameIsOfItsNamespace() throws Exception {
        try (FreshNamespace other = FreshNamespace.create();
                NamespaceClaim here = NamespaceClaim.take("jnet-test", "a test").orElseThrow();
                NamespaceClaim there = other.call(
                        () -> NamespaceClaim.take("jnet-test", "a test").orElseThrow())) {
            assertThat(here).isNotSameAs(there);
        }
    }

    /** More often than connections may wait. */
    @Test
    void whoeverAsksLearnsWhoHasIt() {
        try (NamespaceClaim claim = NamespaceClaim.take("jnet-test", "a test").orElseThrow()) {
            assertThat(claim).isNotNull();
            for (int i = 0; i < 200; i++) {
                Holder holder = talkative();
                assertThat(holder.credentials().processId())
                        .isEqualTo((int) ProcessHandle.current().pid());
                assertThat(holder.statement()).isEqualTo("a test");
            }
        }
    }

    /** Else its connections could wait for ever in a queue that nobody takes them from. */
    @Test
    @Timeout(20)
    void aHolderThatTakesNoConnectionIsAskedForASecond() {
        List<UnixConnection> waiting = new ArrayList<>();
        try (UnixListener stopped = UnixListener.bindAbstract("jnet-test", 0)) {
            assertThat(stopped).isNotNull();
            // One connection more than the backlog fits.
            waiting.add(UnixConnection.connectAbstract("jnet-test", Duration.ofSeconds(1)));
            assertThat(NamespaceClaim.holder("jnet-test")).isEmpty();
        } finally {
            waiting.forEach(UnixConnection::close);
        }
    }

    @Test
    @Timeout(60)
    void aHolderThatSpeaksSlowlyIsListenedToForASecond() throws Exception {
        AtomicBoolean heard = new AtomicBoolean();
        try (UnixListener slow = UnixListener.bindAbstract("jnet-test", 1)) {
            Thread speaker = new Thread(() -> dribble(slow, heard));
            speaker.start();
            try {
                assertThat(talkative().statement()).matches("s{1,20}");
            } finally {
                heard.set(true);
                slow.stop();
                speaker.join();
            }
        }
    }

    /** Asks again until something was said: on a busy machine a second may go by without. */
    private static Holder talkative() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<Holder> holder = NamespaceClaim.holder("jnet-test");
        while (holder.map(Holder::statement).orElse("").isEmpty() && System.nanoTime() < end) {
            holder = NamespaceClaim.holder("jnet-test");
        }
        return holder.orElseThrow();
    }

    private static void dribble(UnixListener listener, AtomicBoolean heard) {
        Optional<UnixConnection> asked = listener.accept();
        while (asked.isPresent()) {
            dribble(asked.get(), heard);
            asked = listener.accept();
        }
    }

    /** A byte each tenth of a second. */
    private static void dribble(UnixConnection connection, AtomicBoolean heard) {
        try (UnixConnection asked = connection) {
            while (!heard.get()) {
                asked.send(new byte[] {'s'});
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        } catch (KernelException gone) {
            // Whoever asked has heard enough.
            return;
        }
    }
}
