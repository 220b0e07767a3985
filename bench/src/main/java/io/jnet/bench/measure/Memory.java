package io.jnet.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resident memory of a process, in megabytes of 1,000,000 bytes.
 *
 * @param total all pages, of files too: program code that other processes share
 * @param anonymous pages that are this process's alone
 */
public record Memory(double total, double anonymous) {
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final int BYTES_PER_KIBIBYTE = 1024;

    /** Reads {@code /proc/PID/smaps_rollup}: what {@code ps} shows is counted lazily since Linux 6.2, and may lag. */
    public static Memory of(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
    }

    /** Reads such a file elsewhere: where a machine of the benchmarks has its {@code /proc}. */
    public static Memory read(Path file) {
        try {
            String text = Files.readString(file);
            return new Memory(megabytes(text, "Rss"), megabytes(text, "Anonymous"));
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    /** Lines are as {@code Rss:  91234 kB}, where kB means 1024 bytes (proc(5)). */
    private static double megabytes(String text, String field) {
        Matcher line = Pattern.compile("(?m)^" + field + ": +(\\d+) kB$").matcher(text);
        if (!line.find()) {
            throw new IllegalStateException("no " + field + " in " + text);
        }
        return Long.parseLong(line.group(1)) * BYTES_PER_KIBIBYTE / BYTES_PER_MEGABYTE;
    }
}
