package io.jnet.netlink.sysctl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file of a setting under /proc/sys. */
public final class SettingFile {
    private static final int LARGEST = 4096;

    private SettingFile() {}

    /**
     * Reads a value, without the line's end.
     *
     * <p>In one piece: a number is given out at the file's beginning only, so the second of two reads finds nothing (kernel/sysctl.c,
     * do_proc_dointvec), and {@link Files#readString} reads a byte of files whose size is 0 before the rest.
     *
     * @throws NoSuchFileException when there is no such setting
     */
    public static String read(Path file) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(LARGEST);
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.READ)) {
            channel.read(value);
        }
        return new String(value.array(), 0, value.position(), StandardCharsets.UTF_8).strip();
    }

    static Optional<String> read(Path file, String name) {
        try {
            return Optional.of(read(file));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new SysctlException("read", name, failure);
        }
    }

    /** Writes a value, in one piece and without creating or truncating: procfs has neither. */
    static void write(Path file, String name, String value) {
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException failure) {
            throw new SysctlException("write \"" + value + "\" to", name, failure);
        }
    }
}
