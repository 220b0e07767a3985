package io.jnet.testbed.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One boot of a machine: the namespaces and the process that holds them. */
final class Namespaces implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process unshare;
    private final ProcessHandle holder;

    private Namespaces(Process unshare, ProcessHandle holder) {
        this.unshare = unshare;
        this.holder = holder;
    }

    /**
     * Makes the namespaces and waits until they are set up.
     *
     * @param disk the folder that outlives this boot
     */
    static Namespaces boot(Path disk, Path initScript, String hostname) {
        List<String> command = List.of(
                "unshare",
                "--mount",
                "--net",
                "--pid",
                "--uts",
                "--ipc",
                "--fork",
                "--kill-child",
                "--propagation",
                "private",
                "bash",
                initScript.toString(),
                disk.toString(),
                hostname);
        try {
            Process unshare = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            disk.resolve("holder.log").toFile()))
                    .start();
            BufferedReader output = unshare.inputReader(StandardCharsets.UTF_8);
            String answer = output.readLine();
            if (!"ready".equals(answer)) {
                throw new IllegalStateException("no machine: " + Files.readString(disk.resolve("holder.log")));
            }
            return new Namespaces(unshare, onlyChild(unshare.toHandle()));
        } catch (IOException e) {
            throw new UncheckedIOException("start the holder of a machine", e);
        }
    }

    /** The process id of the holder, as nsenter(1) wants it. */
    long holder() {
        return holder.pid();
    }

    /**
     * The command, run inside. With the PID namespace, because /proc inside shows only that; not through {@code ip netns exec}, which
     * mounts a new /sys without the control groups.
     */
    List<String> entering(List<String> command) {
        List<String> entering = new ArrayList<>(List.of(
                "nsenter", "--target", Long.toString(holder()), "--mount", "--net", "--pid", "--uts", "--ipc", "--"));
        entering.addAll(command);
        return entering;
    }

    /** The command, run in the network namespace but among the processes and files of the tests' machine. */
    List<String> enteringNetworkOnly(List<String> command) {
        List<String> entering = new ArrayList<>(List.of("nsenter", "--target", Long.toString(holder()), "--net", "--"));
        entering.addAll(command);
        return entering;
    }

    /** The child of a process that makes exactly one, as soon as it has made it. */
    static ProcessHandle onlyChild(ProcessHandle parent) {
        return Eventually.present("a child of process " + parent.pid(), PATIENCE, () -> parent.children()
                .findFirst());
    }

    /** Ends every process inside: the kernel kills them with PID 1 and lets the holder go only afterwards. */
    @Override
    public void close() {
        Optional<Path> inside = namespaceOf(holder.pid());
        holder.destroyForcibly();
        Eventually.holds("the end of a machine's holder", PATIENCE, () -> !holder.isAlive() && !unshare.isAlive());
        inside.ifPresent(namespace ->
                Eventually.holds("no process left in " + namespace, PATIENCE, () -> ProcessHandle.allProcesses()
                        .noneMatch(process -> namespaceOf(process.pid()).equals(inside))));
    }

    private static Optional<Path> namespaceOf(long pid) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "net")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
