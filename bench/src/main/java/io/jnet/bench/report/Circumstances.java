package io.jnet.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and when something was measured. */
public final class Circumstances {
    private static final int KIBIBYTES_PER_MEBIBYTE = 1024;

    private Circumstances() {}

    /**
     * What matters for the figures.
     *
     * @param versions of the programs that were measured, by name
     * @param loadBefore of {@link #load()} when the run began
     */
    public static Map<String, String> now(Map<String, String> versions, String loadBefore) {
        Map<String, String> circumstances = new LinkedHashMap<>();
        circumstances.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        circumstances.put(
                "machine",
                "%s, %d processors, %s MiB"
                        .formatted(
                                field(Path.of("/proc/cpuinfo"), "model name"),
                                Runtime.getRuntime().availableProcessors(),
                                memory()));
        circumstances.put("kernel", read(Path.of("/proc/sys/kernel/osrelease")).strip());
        circumstances.put(
                "system", field(Path.of("/etc/os-release"), "PRETTY_NAME").replace("\"", ""));
        circumstances.putAll(versions);
        circumstances.put("load average before, after", loadBefore + ", " + load());
        return circumstances;
    }

    /** How many processes wanted to run during the last minute, on average: near 0 where nobody else works. */
    public static String load() {
        return read(Path.of("/proc/loadavg")).split(" ", 2)[0];
    }

    private static String memory() {
        String kibibytes = field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
        return Long.toString(Long.parseLong(kibibytes) / KIBIBYTES_PER_MEBIBYTE);
    }

    private static String field(Path file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceFirst("^[^:=]*[:=]", "").strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }
}
