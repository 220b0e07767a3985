package io.jnet.daemon.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;

/** Collects one HTTP answer from a channel, whole or chunked. */
final class AnswerReader implements HttpParser.ResponseHandler {
    private static final int BUFFER = 16 * 1024;

    private static final int OK = 200;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final OutputStream success;
    private int status;
    private boolean complete;
    private boolean broken;

    private AnswerReader(Optional<OutputStream> success) {
        this.success = success.orElse(body);
    }

    /**
     * Reads until the answer is complete.
     *
     * @throws IOException when the channel ends before, or when it is no HTTP
     */
    static HttpAnswer read(ReadableByteChannel channel) throws IOException {
        return read(channel, new AnswerReader(Optional.empty()));
    }

    /** The same, with the body of an answer that is no failure passed on to {@code success} while it comes. */
    static HttpAnswer copy(ReadableByteChannel channel, OutputStream success) throws IOException {
        return read(channel, new AnswerReader(Optional.of(success)));
    }

    private static HttpAnswer read(ReadableByteChannel channel, AnswerReader reader) throws IOException {
        HttpParser parser = new HttpParser(reader);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (!reader.complete && !reader.broken) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                parser.atEOF();
            }
            buffer.flip();
            parser.parseNext(buffer);
            while (buffer.hasRemaining() && !reader.complete && !reader.broken) {
                parser.parseNext(buffer);
            }
        }
        if (reader.broken) {
            throw new IOException("incomplete answer");
        }
        return new HttpAnswer(reader.status, reader.body.toByteArray());
    }

    @Override
    public void startResponse(HttpVersion version, int code, String reason) {
        status = code;
    }

    @Override
    public void parsedHeader(HttpField field) {}

    @Override
    public boolean headerComplete() {
        return false;
    }

    @Override
    public boolean content(ByteBuffer item) {
        byte[] bytes = new byte[item.remaining()];
        item.get(bytes);
        try {
            (status == OK ? success : body).write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return false;
    }

    @Override
    public boolean contentComplete() {
        return false;
    }

    @Override
    public boolean messageComplete() {
        complete = true;
        return true;
    }

    @Override
    public void earlyEOF() {
        broken = true;
    }

    @Override
    public void badMessage(HttpException failure) {
        broken = true;
    }
}
