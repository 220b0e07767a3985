package io.jnet.netlink.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Messages captured from the kernel, as hex bytes in text files; {@code #} starts a comment. Of a little-endian machine. */
public final class GoldenBytes {
    private GoldenBytes() {}

    /**
     * Reads a file that lies beside the class.
     *
     * @param name {@code bridge.txt}
     */
    public static byte[] read(Class<?> beside, String name) {
        try (InputStream file = beside.getResourceAsStream(name)) {
            if (file == null) {
                throw new AssertionError("no file " + name + " beside " + beside);
            }
            String hex = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").replace(" ", ""))
                    .collect(Collectors.joining());
            return HexFormat.of().parseHex(hex);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The same of several files: what a fuzz target begins with. */
    public static Stream<byte[]> all(Class<?> beside, String... names) {
        return Arrays.stream(names).map(name -> read(beside, name));
    }
}
