package io.jnet.daemon.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;

/** Collects one HTTP answer from a channel, whole or chunked. */
final class AnswerReader implements HttpParser.ResponseHandler {
    private static final int BUFFER = 16 * 1024;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private boolean complete;
    private boolean broken;

    /**
     * Reads until the answer is complete.
     *
     * @throws IOException when the channel ends before, or when it is no HTTP
     */
    static HttpAnswer read(ReadableByteChannel channel) throws IOException {
        AnswerReader reader = new AnswerReader();
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
        body.writeBytes(bytes);
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
