package io.jnet.testbed.crowd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code AskAll containers|ADDRESS,ADDRESS COUNT [SECONDS]}: connects to every member of a {@link Crowd} at the same time, by its own two addresses
 * or by its published port on these host addresses, and prints how many gave their own number within ten seconds. Before that
 * it has asked them in small groups; when it is told how many seconds to wait, it has not.
 */
public final class AskAll {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PORT = 80;
    private static final int GROUP = 20;
    private static final int LONGEST_ANSWER = 16;

    private record Question(int number, ByteBuffer answer) {}

    private AskAll() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        List<Map.Entry<Integer, InetSocketAddress>> targets = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
            for (InetSocketAddress target : targets(arguments[0], number)) {
                targets.add(Map.entry(number, target));
            }
        }
        Duration patience = PATIENCE;
        if (arguments.length < 3) {
            askInGroups(targets);
        } else {
            patience = Duration.ofSeconds(Long.parseLong(arguments[2]));
        }
        long begin = System.nanoTime();
        Map<String, Integer> failures = new HashMap<>();
        int answered = ask(targets, begin + patience.toNanos(), failures);
        System.out.printf(
                "answered %d of %d in %d ms %s%n",
                answered, targets.size(), (System.nanoTime() - begin) / 1_000_000, failures.isEmpty() ? "" : failures);
    }

    /**
     * A thousand containers that all look for their gateway in one moment, by broadcasts to a thousand ports each, are more than the
     * kernel's queues hold (net.core.netdev_max_backlog).
     */
    private static void askInGroups(List<Map.Entry<Integer, InetSocketAddress>> targets) throws IOException {
        for (int first = 0; first < targets.size(); first += GROUP) {
            ask(
                    targets.subList(first, Math.min(first + GROUP, targets.size())),
                    System.nanoTime() + PATIENCE.toNanos(),
                    new HashMap<>());
        }
    }

    private static List<InetSocketAddress> targets(String where, int number) {
        if (where.equals("containers")) {
            return List.of(
                    new InetSocketAddress(CrowdMember.address(number), PORT),
                    new InetSocketAddress(CrowdMember.address6(number), PORT));
        }
        return List.of(where.split(",", -1)).stream()
                .map(address -> new InetSocketAddress(address, Crowd.FIRST_PORT + number))
                .toList();
    }

    private static int ask(List<Map.Entry<Integer, InetSocketAddress>> targets, long end, Map<String, Integer> failures)
            throws IOException {
        int answered = 0;
        int open = 0;
        try (Selector selector = Selector.open()) {
            for (Map.Entry<Integer, InetSocketAddress> target : targets) {
                try {
                    SocketChannel channel = SocketChannel.open();
                    channel.configureBlocking(false);
                    Question question = new Question(target.getKey(), ByteBuffer.allocate(LONGEST_ANSWER));
                    channel.register(selector, SelectionKey.OP_CONNECT, question);
                    channel.connect(target.getValue());
                    open++;
                } catch (IOException e) {
                    failures.merge(e.getMessage(), 1, Integer::sum);
                }
            }
            while (open > 0 && System.nanoTime() - end < 0) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    Question question = (Question) key.attachment();
                    try {
                        if (goOn(key, question)) {
                            key.channel().close();
                            open--;
                            answered += isRight(question) ? 1 : 0;
                        }
                    } catch (IOException e) {
                        key.channel().close();
                        open--;
                        failures.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        if (open > 0) {
            failures.put("no answer", open);
        }
        return answered;
    }

    /** Whether the answer is complete. */
    private static boolean goOn(SelectionKey key, Question question) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            return false;
        }
        return channel.read(question.answer) < 0;
    }

    private static boolean isRight(Question question) {
        String text = StandardCharsets.US_ASCII.decode(question.answer.flip()).toString();
        return text.equals(question.number + "\n");
    }
}
