package io.jnet.dns.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jnet.engine.name.DomainName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A name as it stands in messages: each label after its length, and the root's length of 0 at the end (RFC 1035 section 3.1), uncompressed and
 * in small letters. Labels may have any bytes, other than those of {@link DomainName}.
 */
public final class WireName {
    /** The longest name in bytes (RFC 1035 section 2.3.4). */
    public static final int LONGEST = 255;

    /** The longest label in bytes; lengths above it are something else than lengths. */
    public static final int LONGEST_LABEL = 63;

    private final byte[] bytes;
    private final int hash;

    private WireName(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The same name as in messages. */
    public static WireName of(DomainName name) {
        String text = name.text();
        byte[] bytes = new byte[text.length() + 2];
        int start = 0;
        for (String label : text.split("\\.", -1)) {
            bytes[start] = (byte) label.length();
            System.arraycopy(label.getBytes(US_ASCII), 0, bytes, start + 1, label.length());
            start += 1 + label.length();
        }
        return new WireName(bytes);
    }

    /** The name of a text that is one. */
    public static WireName of(String text) {
        return of(DomainName.parse(text));
    }

    /**
     * Reads an uncompressed name; empty where there is none: it does not end in time, or has a pointer in it.
     *
     * @param offset where its first length is, from the beginning of the buffer
     */
    public static Optional<WireName> read(ByteBuffer message, int offset) {
        int end = offset;
        while (true) {
            if (end >= message.limit()) {
                return Optional.empty();
            }
            int length = message.get(end) & 0xff;
            end += 1 + length;
            if (length > LONGEST_LABEL || end - offset > LONGEST || end > message.limit()) {
                return Optional.empty();
            }
            if (length == 0) {
                break;
            }
        }
        byte[] bytes = new byte[end - offset];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = small(message.get(offset + i));
        }
        return Optional.of(new WireName(bytes));
    }

    /** Lengths of labels are below the letters' numbers: they stay. */
    private static byte small(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + ('a' - 'A')) : letter;
    }

    /** Its bytes with lengths and root. */
    public int length() {
        return bytes.length;
    }

    /** Whether it has no label. */
    public boolean isRoot() {
        return bytes.length == 1;
    }

    /** Whether it has exactly one label. */
    public boolean isLabel() {
        return bytes.length > 1 && bytes[0] + 2 == bytes.length;
    }

    /** Whether it is the domain, or a name below it. */
    public boolean isIn(WireName domain) {
        int start = 0;
        while (bytes.length - start > domain.bytes.length) {
            start += 1 + bytes[start];
        }
        return bytes.length - start == domain.bytes.length
                && Arrays.equals(bytes, start, bytes.length, domain.bytes, 0, domain.bytes.length);
    }

    /** The name without its first label; of the root itself. */
    public WireName parent() {
        return isRoot() ? this : new WireName(Arrays.copyOfRange(bytes, 1 + bytes[0], bytes.length));
    }

    /** The name with the domain behind it; empty where that is too long. */
    public Optional<WireName> below(WireName domain) {
        int own = bytes.length - 1;
        if (own + domain.bytes.length > LONGEST) {
            return Optional.empty();
        }
        byte[] joined = Arrays.copyOf(bytes, own + domain.bytes.length);
        System.arraycopy(domain.bytes, 0, joined, own, domain.bytes.length);
        return Optional.of(new WireName(joined));
    }

    /** The first label as text; empty for the root. */
    public String firstLabel() {
        return new String(bytes, Math.min(1, bytes.length - 1), bytes[0], US_ASCII);
    }

    /** Its bytes, a fresh copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Writes it uncompressed. */
    public void writeTo(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof WireName that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** As people write it, with {@code ?} for what is no visible character. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int start = 0; bytes[start] != 0; start += 1 + bytes[start]) {
            String label = new String(bytes, start + 1, bytes[start], US_ASCII);
            text.append(start == 0 ? "" : ".").append(label.replaceAll("[^\\x21-\\x7e]", "?"));
        }
        return text.isEmpty() ? "." : text.toString();
    }
}
