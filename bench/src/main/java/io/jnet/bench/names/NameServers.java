package io.jnet.bench.names;

import io.jnet.bench.Workbench;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Starts what answers names, on the workbench's empty machine. */
final class NameServers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String AARDVARK = "/usr/lib/podman/aardvark-dns";

    private final Workbench bench;

    NameServers(Workbench bench) {
        this.bench = bench;
    }

    /** The outside's server. */
    BackgroundProcess outside(String address) {
        return listening(java(OutsideNames.class, address));
    }

    /**
     * aardvark-dns with one network, of which it reads what netavark would write.
     *
     * @return its process id on the machine: it puts itself into the background
     */
    String aardvark(String gateway, String name, String address) {
        Path folder = bench.folder().resolve("aardvark");
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("bench"), "%s\n%s %s  %s\n".formatted(gateway, "c".repeat(64), address, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bench.empty()
                .run(AARDVARK, "--config", folder.toString(), "--port", "53", "run")
                .orThrow();
        Eventually.holds("aardvark-dns listens", PATIENCE, () -> bench.empty()
                .shell("ss -Hlun")
                .contains(gateway + ":53"));
        return bench.empty().shell("cat " + folder.resolve("aardvark.pid")).strip();
    }

    /** A command that runs a class of the benchmarks. */
    static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                        .map(path -> Path.of(path).toAbsolutePath().toString())
                        .collect(Collectors.joining(":")),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private BackgroundProcess listening(List<String> command) {
        BackgroundProcess process = bench.empty().start(command);
        Eventually.holds("a server listens", PATIENCE, () -> process.log().contains("listening"));
        return process;
    }
}
