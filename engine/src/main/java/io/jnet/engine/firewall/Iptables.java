package io.jnet.engine.firewall;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.address.AddressFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The {@code iptables} programs of one address family and one variant: the only processes that jnet starts. They write what iptables
 * itself must be able to read again, which native nftables expressions in its tables are not.
 */
final class Iptables {
    /** Where distributions install them; the search path of whoever started jnet is of no account. */
    static final List<Path> FOLDERS = List.of(
            Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/local/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

    /** Longer than the five seconds that the programs wait for their own lock ({@code -w 5}). */
    private static final int SECONDS = 10;

    /** What the programs say of a chain that is not there; they end with the same status for other reasons. */
    private static final String NO_CHAIN = "No chain/target/match by that name";

    /** The kernel interface that the programs use. */
    enum Variant {
        NF_TABLES("-nft", "(nf_tables)"),
        LEGACY("-legacy", "(legacy)");

        private final String suffix;
        private final String versionMark;

        Variant(String suffix, String versionMark) {
            this.suffix = suffix;
            this.versionMark = versionMark;
        }
    }

    private record Result(int status, String output) {}

    private final AddressFamily family;
    private final Variant variant;
    private final List<Path> folders;

    Iptables(AddressFamily family, Variant variant, List<Path> folders) {
        this.family = family;
        this.variant = variant;
        this.folders = List.copyOf(folders);
    }

    /**
     * Applies lines in iptables-restore's format to the filter table, all or none, leaving everything else alone.
     *
     * @throws EngineException with {@code UNSUPPORTED} when the program is missing, with {@code KERNEL} when it fails
     */
    void restore(String lines) {
        Path program = program("-restore");
        Result result = run(List.of(program.toString(), "--noflush", "-w", "5"), "*filter\n" + lines + "COMMIT\n");
        if (result.status != 0) {
            throw failure(program, result);
        }
    }

    /**
     * A chain of the filter table and its rules, as {@code -S} lists them; empty when there is no such chain.
     *
     * @throws EngineException as {@link #restore} does
     */
    List<String> list(String chain) {
        Path program = program("");
        Result result = run(List.of(program.toString(), "-w", "5", "-S", chain), "");
        if (result.status != 0 && !result.output.contains(NO_CHAIN)) {
            throw failure(program, result);
        }
        return result.status == 0 ? result.output.lines().toList() : List.of();
    }

    /** What people call it: {@code iptables}, {@code ip6tables-legacy}. */
    String name() {
        return base() + (variant == Variant.LEGACY ? variant.suffix : "");
    }

    private String base() {
        return family == AddressFamily.INET ? "iptables" : "ip6tables";
    }

    private Path program(String action) {
        String base = base();
        return find(base + variant.suffix + action)
                .or(() -> find(base + action).filter(this::isOfVariant))
                .orElseThrow(() -> new EngineException(
                        ErrorCode.UNSUPPORTED,
                        "the host has an iptables FORWARD chain (" + base + " " + variant.versionMark + "), but no "
                                + base + variant.suffix + action + " or " + base + action + " of that kind in "
                                + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                                + ": install the package iptables"));
    }

    private Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Without a suffix the version tells: {@code iptables v1.8.9 (nf_tables)}; before 1.8 there was only the legacy kind, unmarked. */
    private boolean isOfVariant(Path program) {
        String version = run(List.of(program.toString(), "-V"), "").output;
        return version.contains(variant.versionMark) || (variant == Variant.LEGACY && !version.contains("("));
    }

    private static Result run(List<String> command, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().put("LC_ALL", "C");
            builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
            Process process = builder.start();
            try {
                // Meanwhile: a pipe holds less than a chain of a thousand rules.
                FutureTask<String> output = new FutureTask<>(
                        () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                Thread reader = new Thread(output, "iptables output");
                reader.setDaemon(true);
                reader.start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(StandardCharsets.US_ASCII));
                }
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    throw new EngineException(
                            ErrorCode.KERNEL, command.get(0) + " did not end within " + SECONDS + " seconds");
                }
                return new Result(process.exitValue(), output.get(SECONDS, TimeUnit.SECONDS));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException | ExecutionException | TimeoutException failure) {
            throw new EngineException(ErrorCode.KERNEL, "run " + command.get(0) + ": " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EngineException(ErrorCode.INTERNAL, command.get(0) + " was interrupted", interrupted);
        }
    }

    private static EngineException failure(Path program, Result result) {
        return new EngineException(
                ErrorCode.KERNEL,
                program + " failed with status " + result.status + ": "
                        + result.output.strip().replaceAll("\\s+", " "));
    }
}
