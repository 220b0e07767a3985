package io.jnet.daemon.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A request.
 *
 * @param method {@code GET}, {@code PUT} or {@code DELETE}
 * @param target path and query, percent-encoded; a server takes some thousand bytes
 * @param body JSON; empty: none
 */
@SuppressWarnings("OptionalContainsArray") // sent once, never compared
public record HttpQuestion(String method, String target, Optional<byte[]> body) {
    private static final byte[] NOTHING = {};

    /** One that changes nothing. */
    public static HttpQuestion get(String target) {
        return new HttpQuestion("GET", target, Optional.empty());
    }

    boolean isGet() {
        return method.equals("GET");
    }

    /** As it is sent, over a connection of its own. */
    ByteBuffer bytes() {
        byte[] content = body.orElse(NOTHING);
        String about =
                body.isPresent() ? "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n" : "";
        byte[] head = (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + about + "\r\n")
                .getBytes(US_ASCII);
        return ByteBuffer.allocate(head.length + content.length)
                .put(head)
                .put(content)
                .flip();
    }
}
