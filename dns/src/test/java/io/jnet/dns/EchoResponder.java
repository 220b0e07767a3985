package io.jnet.dns;

import io.jnet.dns.query.Query;
import io.jnet.dns.query.Responder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Answers a text with that text, and with who asked where and how. {@code later ...} waits for {@link #answerAll}, {@code never} is not answered,
 * {@code long N} has an answer of N letters.
 */
public final class EchoResponder implements Responder {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private volatile boolean finishing;

    @Override
    public synchronized boolean respond(Query query, Consumer<ByteBuffer> answer) {
        String text = StandardCharsets.US_ASCII.decode(query.message()).toString();
        if (text.equals("never")) {
            return false;
        }
        if (text.startsWith("long ")) {
            answer.accept(bytes("x".repeat(Integer.parseInt(text.substring(5)))));
            return true;
        }
        String echo = text + " " + query.client() + " " + query.network() + " " + query.transport();
        if (text.startsWith("later ")) {
            waiting.add(() -> answer.accept(bytes(echo)));
        } else {
            answer.accept(bytes(echo));
        }
        return true;
    }

    /** From now on those that wait are answered when it is asked to finish. */
    public void answerAllAtTheEnd() {
        finishing = true;
    }

    @Override
    public void finish(Duration patience) {
        if (finishing) {
            answerAll();
        }
    }

    /** How many wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** Answers those that wait, the last first. */
    public synchronized void answerAll() {
        Object[] all = waiting.toArray();
        waiting.clear();
        for (int i = all.length - 1; i >= 0; i--) {
            ((Runnable) all[i]).run();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
