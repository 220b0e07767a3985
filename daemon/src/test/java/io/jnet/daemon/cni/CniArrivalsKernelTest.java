package io.jnet.daemon.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.libc.UnixConnection;
import io.jnet.netlink.libc.UnixListener;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest
class CniArrivalsKernelTest {
    private static final int HEAVY = 32 * 1024;
    private static final int SECONDS = 30;

    @TempDir
    private Path folder;

    private final Asked asked = new Asked();
    private UnixListener listener;
    private CniArrivals arrivals;
    private Thread reader;

    /** A question that has arrived, and what to run when it was answered. */
    private record Arrived(int length, Runnable answered) {}

    @BeforeEach
    void start() {
        listener = UnixListener.bind(folder.resolve("s"), 16);
        arrivals = new CniArrivals(listener, asked);
        reader = new Thread(arrivals, "arrivals");
        reader.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        arrivals.stop();
        reader.join();
        arrivals.close();
        listener.close();
    }

    /** The one before it may take as long as a container does; who says nothing meanwhile is let go. */
    @Test
    void aQuestionThatWaitsForItsTurnIsNotLate() throws InterruptedException {
        try (UnixConnection first = ask(HEAVY)) {
            assertThat(first).isNotNull();
            Arrived before = asked.next();
            try (UnixConnection second = ask(HEAVY + 1);
                    UnixConnection silent = UnixConnection.connect(folder.resolve("s"))) {
                assertThat(second).isNotNull();
                assertThat(silent).isNotNull();
                asked.awaitTheFirstThatLeaves();
                before.answered().run();
                Arrived next = asked.next();
                assertThat(next.length()).isEqualTo(HEAVY + 1);
                next.answered().run();
            }
        }
    }

    private UnixConnection ask(int length) {
        UnixConnection connection = UnixConnection.connect(folder.resolve("s"));
        connection.send(ByteBuffer.allocate(16 + length)
                .order(ByteOrder.nativeOrder())
                .put("jnetcni1".getBytes(UTF_8))
                .putInt(0)
                .putInt(length)
                .array());
        return connection;
    }

    private static final class Asked implements CniArrivals.Callers {
        private final BlockingQueue<Arrived> questions = new LinkedBlockingQueue<>();
        private final CountDownLatch left = new CountDownLatch(1);

        @Override
        public void came() {}

        @Override
        public void left() {
            left.countDown();
        }

        @Override
        public void asked(UnixConnection connection, CniQuestion question, Runnable answered) {
            int length = question.input().length;
            question.close();
            connection.close();
            questions.add(new Arrived(length, answered));
        }

        Arrived next() throws InterruptedException {
            return Optional.ofNullable(questions.poll(SECONDS, TimeUnit.SECONDS))
                    .orElseThrow();
        }

        void awaitTheFirstThatLeaves() throws InterruptedException {
            assertThat(left.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
