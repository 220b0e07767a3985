package io.jnet.testbed.refusal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The requests that a program makes of the kernel, counted; one of them can be refused. Shared with {@code refuse.c} by a file. */
public final class CountedRequests {
    /** {@code struct control} of refuse.c. */
    private static final int SIZE = 128;

    private static final int SEEN = 0;
    private static final int REFUSED = 4;
    private static final int ERROR = 8;
    private static final int WHAT = 12;
    private static final int ENOMEM = 12;

    private final Path file;
    private final MappedByteBuffer control;

    private CountedRequests(Path file, MappedByteBuffer control) {
        this.file = file;
        this.control = control;
    }

    /** Makes the file in a folder that machines see under the same path. */
    public static CountedRequests in(Path folder) {
        Path file = folder.resolve("requests");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer control = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            control.order(ByteOrder.nativeOrder());
            return new CountedRequests(file, control);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts from now on, and has the {@code n}-th request from now refused with ENOMEM; 0: none. */
    public void refuse(int n) {
        control.putInt(REFUSED, 0);
        control.putInt(ERROR, ENOMEM);
        control.putInt(SEEN, 0);
        control.putInt(REFUSED, n);
    }

    /** Whether the request that was to be refused has come. */
    public boolean refused() {
        return control.getInt(REFUSED) > 0 && control.getInt(SEEN) >= control.getInt(REFUSED);
    }

    /** The call that was refused last, and the name of its thread. */
    public String what() {
        byte[] text = new byte[SIZE - WHAT];
        control.get(WHAT, text);
        String all = new String(text, StandardCharsets.UTF_8);
        return all.substring(0, all.indexOf('\0'));
    }

    Path file() {
        return file;
    }
}
