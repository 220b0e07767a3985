package io.jnet.testbed.supervision;

import io.jnet.testbed.machine.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * System calls that a program makes, counted; something happens to one of them. Shared by a file with {@code refuse.c}, which counts requests,
 * and {@code crash.c}, which counts steps.
 */
public final class CountedCalls {
    /** {@code struct control} of supervisor.h. */
    private static final int SIZE = 128;

    private static final int SEEN = 0;
    private static final int CHOSEN = 4;
    private static final int ERROR = 8;
    private static final int WHAT = 12;
    private static final int ENOMEM = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path file;
    private final MappedByteBuffer control;
    private int unknown;
    /** How long the file of steps was when they were last begun to be counted. */
    private int toldBefore;

    private CountedCalls(Path file, MappedByteBuffer control) {
        this.file = file;
        this.control = control;
    }

    /** Makes the file in a folder that machines see under the same path. */
    public static CountedCalls in(Path folder) {
        Path file = folder.resolve("requests");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer control = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
            control.order(ByteOrder.nativeOrder());
            return new CountedCalls(file, control);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts from now on, and has the {@code n}-th request from now refused with ENOMEM; 0: none. */
    public void refuse(int n) {
        choose(n, ENOMEM);
    }

    /** Counts from now on, and has the program die before the {@code n}-th step from now; 0: never. */
    public void dieBefore(int n) {
        unknown = unknown();
        toldBefore = lengthOfTold();
        choose(n, 0);
    }

    private void choose(int n, int error) {
        control.putInt(CHOSEN, 0);
        control.putInt(ERROR, error);
        control.putInt(SEEN, 0);
        control.putInt(CHOSEN, n);
    }

    /** Whether the chosen call has come. */
    public boolean reached() {
        return control.getInt(CHOSEN) > 0 && control.getInt(SEEN) >= control.getInt(CHOSEN);
    }

    /** How many there were since they are counted. */
    public int seen() {
        return control.getInt(SEEN);
    }

    /**
     * The number of a system call of which {@code crash.c} does not know whether it is a step, met at any time; 0 when there was none. Of a program that
     * may die only.
     */
    public int unknown() {
        return unknown == 0 ? control.getInt(ERROR) : unknown;
    }

    /** Begins anew to look for such calls. */
    void forgetUnknown() {
        unknown = 0;
        control.putInt(ERROR, 0);
    }

    /** The chosen call that came last, and the name of its thread. */
    public String what() {
        byte[] text = new byte[SIZE - WHAT];
        control.get(WHAT, text);
        String all = new String(text, StandardCharsets.UTF_8);
        return all.substring(0, all.indexOf('\0'));
    }

    /** The kinds of steps that there were so far. */
    public Set<String> kinds() {
        return new TreeSet<>(told(0));
    }

    /** The steps since they are counted, in their order; waits until as many are told as are counted. */
    List<String> steps() {
        return Eventually.present("as many steps are told as are counted", PATIENCE, () -> {
            List<String> steps = told(toldBefore);
            return steps.size() == seen() ? Optional.of(steps) : Optional.empty();
        });
    }

    /** Interfaces, processes and random names are {@code *}. */
    private List<String> told(int from) {
        Path told = toldFile();
        try {
            byte[] all = Files.exists(told) ? Files.readAllBytes(told) : new byte[0];
            return new String(all, from, all.length - from, StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(line -> line.replaceAll("^file [0-9]+$", "file")
                            .replaceAll("/(conf|neigh)/[^/]+/", "/$1/*/")
                            .replaceAll("/\\.j[0-9a-f]+", "/.j*")
                            .replaceAll("/[0-9]+(?=/|$)", "/*"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int lengthOfTold() {
        return Math.toIntExact(toldFile().toFile().length());
    }

    private Path toldFile() {
        return file.resolveSibling(file.getFileName() + ".told");
    }

    Path file() {
        return file;
    }
}
