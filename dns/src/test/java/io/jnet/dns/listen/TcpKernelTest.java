package io.jnet.dns.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.dns.AskedText;
import io.jnet.dns.BridgedHost;
import io.jnet.dns.EchoResponder;
import io.jnet.dns.query.Responder;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of clients that do not behave, and what the others see of it: nothing. */
@KernelTest
class TcpKernelTest {
    private static final int PORT = 53;
    private static final int BRIDGE = 1;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String GATEWAY = BridgedHost.address4(BRIDGE, 1);

    private final EchoResponder responder = new EchoResponder();
    private final BridgedHost host = new BridgedHost();
    private final List<Socket> connections = new ArrayList<>();
    private Backlog backlog = new Backlog(Backlog.USUAL);
    private Listeners listeners;
    private Listening listening;
    private FreshNamespace one;
    private FreshNamespace other;

    @AfterEach
    void close() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
        listening.close();
        listeners.close();
        host.close();
    }

    @Test
    void aMessageInPiecesIsAMessage() throws Exception {
        listen(TcpLimits.USUAL);
        Socket slow = connect(one);
        byte[] frame = AskedText.frame("web");
        for (byte piece : frame) {
            AskedText.write(slow, new byte[] {piece});
            assertThat(AskedText.tcp(other, GATEWAY, PORT, "others")).startsWith("others");
        }
        assertThat(AskedText.receive(slow)).isEqualTo("web 10.77.1.2 network1 TCP");
    }

    @Test
    void aClientThatSendsOneByteAndWaitsKeepsNobody() throws Exception {
        listen(new TcpLimits(64, 16, Duration.ofMillis(500)));
        Socket waiting = connect(one);
        AskedText.write(waiting, new byte[] {0});
        for (int i = 0; i < 100; i++) {
            assertThat(AskedText.tcp(one, GATEWAY, PORT, "own")).startsWith("own");
            assertThat(AskedText.tcp(other, GATEWAY, PORT, "others")).startsWith("others");
        }
        assertThat(waiting.getInputStream().read())
                .as("its connection has ended")
                .isEqualTo(-1);
    }

    @Test
    void manyQueriesAreAnsweredInTheOrderOfTheAnswers() throws Exception {
        listen(TcpLimits.USUAL);
        Socket client = connect(one);
        byte[] all = concatenated("later 1", "later 2", "at once");
        AskedText.write(client, all);
        assertThat(AskedText.receive(client)).startsWith("at once");
        assertThat(responder.waiting()).isEqualTo(2);
        responder.answerAll();
        assertThat(AskedText.receive(client)).startsWith("later 2");
        assertThat(AskedText.receive(client)).startsWith("later 1");
    }

    /** More than may be under way wait, and are answered when there is room. */
    @Test
    void aThousandQueriesAtOnceAreAllAnswered() throws Exception {
        listen(TcpLimits.USUAL);
        Socket client = connect(one);
        String[] queries = new String[1000];
        for (int i = 0; i < queries.length; i++) {
            queries[i] = (i % 100 == 0 ? "later " : "query ") + i;
        }
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> written = writer.submit(() -> {
                AskedText.write(client, concatenated(queries));
                client.shutdownOutput();
                return null;
            });
            int answers = 0;
            while (answers < queries.length) {
                responder.answerAll();
                if (client.getInputStream().available() > 0) {
                    AskedText.receive(client);
                    answers++;
                }
            }
            written.get();
            assertThatThrownBy(() -> AskedText.receive(client)).isInstanceOf(EOFException.class);
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void whoFetchesNoAnswersHoldsUpNobodyAndGetsThemWhenHeReads() throws Exception {
        listen(TcpLimits.USUAL);
        Socket slow = connect(one);
        for (int i = 0; i < 300; i++) {
            AskedText.write(slow, AskedText.frame("long 60000"));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(AskedText.tcp(other, GATEWAY, PORT, "others")).startsWith("others");
        }
        for (int i = 0; i < 300; i++) {
            assertThat(AskedText.receive(slow)).hasSize(60_000);
        }
    }

    @Test
    void whatAllDoNotFetchIsBoundedAndOthersAreAnswered() throws Exception {
        backlog = new Backlog(400_000);
        listen(TcpLimits.USUAL);
        Socket slow = connect(one);
        for (int i = 0; i < 300; i++) {
            AskedText.write(slow, AskedText.frame("long 60000"));
        }
        // The kernel takes some of it first.
        await(() -> ends("long 60000"));
        assertThat(AskedText.tcp(other, GATEWAY, PORT, "others")).startsWith("others");
        assertThat(AskedText.receive(slow)).as("it is kept").hasSize(60_000);
        slow.close();
        await(() -> !ends("long 60000"));
        await(() -> backlog.bytes() == 0);
    }

    @Test
    void answersThatComeLaterAreBoundedToo() throws Exception {
        backlog = new Backlog(30);
        listen(TcpLimits.USUAL);
        Socket client = connect(one);
        AskedText.send(client, "later a");
        AskedText.send(client, "later b");
        while (responder.waiting() < 2) {
            LockSupport.parkNanos(1_000_000);
        }
        responder.answerAll();
        assertThatThrownBy(() -> {
                    AskedText.receive(client);
                    AskedText.receive(client);
                })
                .isInstanceOfAny(EOFException.class, SocketException.class);
        await(() -> backlog.bytes() == 0);
    }

    /** Whether a connection ends in place of an answer. */
    private boolean ends(String question) {
        Socket client = connect(other);
        try (client) {
            AskedText.send(client, question);
            AskedText.receive(client);
            return false;
        } catch (EOFException | SocketException ended) {
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aLengthThatNoQueryHasEndsTheConnection() throws Exception {
        listen(TcpLimits.USUAL);
        for (byte[] length : List.of(new byte[] {0, 0}, new byte[] {(byte) 0xff, (byte) 0xff})) {
            Socket client = connect(one);
            AskedText.write(client, length);
            assertThatThrownBy(() -> AskedText.receive(client))
                    .isInstanceOfAny(EOFException.class, SocketException.class);
        }
    }

    @Test
    void aMessageThatIsNoQueryEndsTheConnection() throws Exception {
        listen(TcpLimits.USUAL);
        Socket client = connect(one);
        AskedText.send(client, "never");
        assertThatThrownBy(() -> AskedText.receive(client)).isInstanceOfAny(EOFException.class, SocketException.class);
    }

    /** When the loop is far behind with answers. */
    @Test
    void aConnectionWhoseAnswerWasLostIsIdle() throws Exception {
        BlockingQueue<Consumer<ByteBuffer>> waiting = new LinkedBlockingQueue<>();
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        ByteBuffer answer = ByteBuffer.wrap(new byte[20]);
        listen(new TcpLimits(3, 1, LONG), (query, consumer) -> {
            if (query.message().get(0) == 'l') {
                return waiting.add(consumer);
            }
            if (query.message().get(0) == 'h') {
                holding.countDown();
                awaitUninterruptibly(held);
            }
            consumer.accept(answer);
            return true;
        });
        Socket losing = connect(one);
        AskedText.send(losing, "later");
        Consumer<ByteBuffer> lost = waiting.take();
        Socket others = connect(other);
        AskedText.send(others, "later");
        Consumer<ByteBuffer> first = waiting.take();
        AskedText.send(others, "hold");
        holding.await();
        for (int i = 0; i < Loop.MOST_ANSWERS; i++) {
            first.accept(answer);
        }
        lost.accept(answer);
        held.countDown();
        // An idle one ends for it.
        AskedText.tcp(one, GATEWAY, PORT, "next");
        assertThat(losing.getInputStream().read()).isEqualTo(-1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void whoHasTooManyLosesTheOneThatWasIdleForLongest() throws Exception {
        listen(new TcpLimits(3, 2, LONG));
        Socket first = asked(one);
        Socket second = asked(one);
        Socket others = asked(other);
        AskedText.send(first, "again");
        assertThat(AskedText.receive(first)).startsWith("again");

        Socket third = asked(one);
        assertThat(second.getInputStream().read()).isEqualTo(-1);
        for (Socket kept : List.of(first, third, others)) {
            AskedText.send(kept, "kept");
            assertThat(AskedText.receive(kept)).startsWith("kept");
        }
        // Now the network is full, and the one idle for longest is the first.
        Socket fourth = asked(other);
        assertThat(first.getInputStream().read()).isEqualTo(-1);
        assertThat(List.of(third.isClosed(), fourth.isClosed())).containsOnly(false);
    }

    @Test
    void whereAllWaitForAnswersOneMoreIsSentAway() throws Exception {
        listen(new TcpLimits(3, 1, LONG));
        Socket busy = connect(one);
        AskedText.send(busy, "later web");
        while (responder.waiting() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        // The refusal may come before connect is back.
        assertThatThrownBy(() -> {
                    Socket refused = connect(one);
                    AskedText.send(refused, "web");
                    AskedText.receive(refused);
                })
                .isInstanceOfAny(EOFException.class, SocketException.class);
        responder.answerAll();
        assertThat(AskedText.receive(busy)).startsWith("later web");
    }

    private void listen(TcpLimits limits) {
        listen(limits, responder);
    }

    private void listen(TcpLimits limits, Responder answering) {
        Network network = host.bridge(BRIDGE);
        one = host.container(BRIDGE, 2);
        other = host.container(BRIDGE, 3);
        listeners = new Listeners(answering, SocketKeeper.NONE, limits, backlog);
        listening = listeners.listen(network.id(), network.bridge(), 0, List.of(IpAddress.parse(GATEWAY)), PORT);
        assertThat(listening.port()).isEqualTo(PORT);
    }

    private Socket connect(FreshNamespace container) {
        Socket socket = container.call(() -> AskedText.connect(GATEWAY, PORT));
        connections.add(socket);
        return socket;
    }

    private Socket asked(FreshNamespace container) throws IOException {
        Socket socket = connect(container);
        AskedText.send(socket, "web");
        assertThat(AskedText.receive(socket)).startsWith("web");
        return socket;
    }

    private static byte[] concatenated(String... texts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String text : texts) {
            all.writeBytes(AskedText.frame(text));
        }
        return all.toByteArray();
    }
}
