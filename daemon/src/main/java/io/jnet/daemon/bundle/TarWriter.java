package io.jnet.daemon.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes small files into an archive of the form {@code ustar} (POSIX.1-1988, pax(1)): one block of 512 bytes for the header, then the content in blocks.
 * A library for that brings four jars and 2.5 MB.
 *
 * <pre>
 * name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type 1, link name 100, "ustar\0" "00", owner 32, group 32, ...
 * </pre>
 */
final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 99;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final OutputStream out;
    private final Instant time;

    /** @param time of all files */
    TarWriter(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    /**
     * Adds a file that only its owner may read.
     *
     * @throws IllegalArgumentException when the name is no short ASCII one
     */
    void add(String name, byte[] content) throws IOException {
        if (!name.matches("[A-Za-z0-9._/-]{1," + LONGEST_NAME + "}")) {
            throw new IllegalArgumentException("no name for a file in an archive: " + name);
        }
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000600");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "%011o".formatted(time.getEpochSecond()));
        put(header, 156, "0");
        put(header, 257, "ustar");
        put(header, 263, "00");
        put(header, 265, "root");
        put(header, 297, "root");
        // Counted as if it were blanks itself.
        Arrays.fill(header, CHECKSUM, CHECKSUM + CHECKSUM_LENGTH, (byte) ' ');
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        put(header, CHECKSUM, "%06o\0 ".formatted(sum));
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /** Two empty blocks end an archive. */
    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }
}
