package io.jnet.daemon.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** Asks one question of a server on a Unix-domain socket. */
public final class UnixHttpClient {
    private UnixHttpClient() {}

    /**
     * Sends a request and reads the answer.
     *
     * @throws IOException when the server cannot be reached or does not answer in HTTP
     */
    public static HttpAnswer ask(Path socket, HttpQuestion question) throws IOException {
        try (SocketChannel channel = connect(socket)) {
            send(channel, question);
            return AnswerReader.read(channel);
        }
    }

    /**
     * The same, of a server that may hang.
     *
     * @param patience until when the whole answer has to be there; then it is given up
     * @throws SocketTimeoutException when it is not there by then
     */
    public static HttpAnswer ask(Path socket, HttpQuestion question, Duration patience) throws IOException {
        return within(patience, socket, channel -> {
            send(channel, question);
            return AnswerReader.read(channel);
        });
    }

    /**
     * Connects, and no more.
     *
     * @throws SocketTimeoutException when somebody listens who takes no more connections
     */
    public static void reach(Path socket, Duration patience) throws IOException {
        within(patience, socket, channel -> channel);
    }

    /** What is done with a connection. */
    private interface Talk<T> {
        T over(SocketChannel channel) throws IOException;
    }

    private static <T> T within(Duration patience, Path socket, Talk<T> talk) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            CompletableFuture<Void> answered = new CompletableFuture<>();
            answered.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> giveUp(channel));
            try {
                // Waits as well, when as many as the kernel lets wait are there already.
                channel.connect(UnixDomainSocketAddress.of(socket));
                return talk.over(channel);
            } catch (ClosedChannelException givenUp) {
                SocketTimeoutException late =
                        new SocketTimeoutException("no answer within " + patience.toSeconds() + " s");
                late.initCause(givenUp);
                throw late;
            } finally {
                answered.complete(null);
            }
        }
    }

    private static Void giveUp(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
        return null;
    }

    /**
     * Gets something and passes it on while it comes.
     *
     * @param out gets the body of an answer that is no failure; the answer is without one then
     * @throws IOException as {@link #ask}; also when the answer breaks off
     */
    static HttpAnswer copy(Path socket, String target, OutputStream out) throws IOException {
        try (SocketChannel channel = connect(socket)) {
            send(channel, HttpQuestion.get(target));
            return AnswerReader.copy(channel, out);
        }
    }

    /**
     * The name of the user that the server runs as, as the kernel knows it.
     *
     * @throws IOException when the server cannot be reached
     */
    public static String owner(Path socket) throws IOException {
        try (SocketChannel channel = connect(socket)) {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        }
    }

    /** A connection to the server. */
    static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | RuntimeException refused) {
            channel.close();
            throw refused;
        }
    }

    private static void send(SocketChannel channel, HttpQuestion question) throws IOException {
        ByteBuffer bytes = question.bytes();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
