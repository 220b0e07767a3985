package io.jnet.testbed.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jnet.testbed.machine.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands where Docker looks for the driver {@code jnet}, passes each call on to the daemon, and has the daemon killed and started again between
 * two calls, as a service manager would. Docker finds a socket that nobody listens on meanwhile.
 *
 * <p>The answer to the call before is held back until nobody listens any more: otherwise the next call could reach a socket whose owner is about to
 * die, and Docker repeats that without its body. On a machine that is so busy that the start of a daemon takes longer than Docker is patient, the next
 * call is let in before, and waits.
 */
public final class PluginDoor implements AutoCloseable {
    /** Where the daemon has its plugin socket. */
    private static final String INNER = "/run/jnet/plugin.sock";

    private static final Pattern REQUEST = Pattern.compile("POST /(\\S+) HTTP/1\\.1\r\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
    private static final String HEAD_END = "\r\n\r\n";
    /** Docker tries again after 1, 3, 7 and 15 seconds, and no more. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int BUFFER = 64 * 1024;

    private final Path outer;
    private final Path inner;
    private final JnetDaemon jnet;
    private final List<String> calls = new ArrayList<>();
    private final Thread thread;
    private IntPredicate deaths = call -> false;
    private int restarts;
    private volatile boolean closed;
    private volatile ServerSocketChannel listener;

    private PluginDoor(Machine machine) {
        outer = machine.outsidePathOf(JnetDaemon.PLUGIN_SOCKET);
        inner = machine.outsidePathOf(INNER);
        jnet = JnetDaemon.startBehind(machine, INNER);
        listener = listen();
        thread = new Thread(this::serve, "plugin door");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a daemon and stands before it. */
    public static PluginDoor before(Machine machine) {
        return new PluginDoor(machine);
    }

    /** The daemon. */
    public JnetDaemon daemon() {
        return jnet;
    }

    /**
     * Forgets the calls so far, and has the daemon die after some of the next ones.
     *
     * @param after whether it dies after a call of this number, from 1 on
     */
    public synchronized void dieAfter(IntPredicate after) {
        calls.clear();
        restarts = 0;
        deaths = after;
    }

    /** The methods that were called since, in their order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** How often the daemon was killed and started again since. */
    public synchronized int restarts() {
        return restarts;
    }

    private ServerSocketChannel listen() {
        Path fresh = outer.resolveSibling("jnet.new");
        try {
            Files.createDirectories(outer.getParent());
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(fresh));
            Files.move(fresh, outer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("listen on " + outer, e);
        }
    }

    private void serve() {
        while (!closed) {
            try (SocketChannel docker = listener.accept()) {
                answer(docker);
            } catch (AsynchronousCloseException end) {
                return;
            } catch (IOException e) {
                // Docker has given up waiting for an answer.
                System.err.println("plugin door: " + e);
            }
        }
    }

    private void answer(SocketChannel docker) throws IOException {
        byte[] request = request(docker);
        if (request.length == 0) {
            return;
        }
        ByteBuffer answer = ByteBuffer.wrap(ask(request));
        boolean dies = counts(request);
        if (dies) {
            listener.close();
            jnet.kill();
        }
        while (answer.hasRemaining()) {
            docker.write(answer);
        }
        docker.shutdownOutput();
        if (dies) {
            CompletableFuture<Void> start = CompletableFuture.runAsync(jnet::startAgain);
            awaitAtMost(PATIENCE, start);
            listener = listen();
            start.join();
        }
    }

    private static void awaitAtMost(Duration patience, CompletableFuture<Void> start) {
        try {
            start.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            // The next call waits here.
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon starts", e);
        }
    }

    private synchronized boolean counts(byte[] request) {
        Matcher method = REQUEST.matcher(new String(request, ISO_8859_1));
        calls.add(method.lookingAt() ? method.group(1) : "?");
        boolean dies = deaths.test(calls.size());
        restarts += dies ? 1 : 0;
        return dies;
    }

    /** One request as it came; empty when the connection ended before. */
    private static byte[] request(SocketChannel docker) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (!isWhole(bytes)) {
            buffer.clear();
            if (docker.read(buffer) < 0) {
                return new byte[0];
            }
            bytes.write(buffer.array(), 0, buffer.position());
        }
        return bytes.toByteArray();
    }

    private static boolean isWhole(ByteArrayOutputStream bytes) {
        String text = bytes.toString(ISO_8859_1);
        int end = text.indexOf(HEAD_END);
        if (end < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(text.substring(0, end));
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return text.length() >= end + HEAD_END.length() + body;
    }

    /** The daemon's answer, after which it closes the connection, so that Docker makes a new one for each call. */
    private byte[] ask(byte[] request) throws IOException {
        String text = new String(request, ISO_8859_1).replaceFirst("\r\n", "\r\nConnection: close\r\n");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (SocketChannel daemon = SocketChannel.open(UnixDomainSocketAddress.of(inner))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
            while (bytes.hasRemaining()) {
                daemon.write(bytes);
            }
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (daemon.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        return answer.toByteArray();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the last call is answered", e);
        }
    }
}
