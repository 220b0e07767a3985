package io.jnet.testbed.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A Linux machine of its own: a network stack, {@code /run}, {@code /etc}, {@code /var/lib}, processes. */
public final class Machine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    // Not the common pool: readers block, and it has as many threads as the machine has processors.
    private static final ExecutorService READERS = Executors.newCachedThreadPool(Machine::readerThread);

    private final String name;
    private final Path folder;
    private final Path initScript;
    private final AtomicInteger logs = new AtomicInteger();
    private final List<Cable> cables = new ArrayList<>();
    private Namespaces namespaces;

    private Machine(String name, Path folder, Path initScript, Namespaces namespaces) {
        this.name = name;
        this.folder = folder;
        this.initScript = initScript;
        this.namespaces = namespaces;
    }

    /**
     * A machine that has just been switched on: only {@code lo}, nothing in {@code /run} and {@code /var/lib}.
     *
     * @param name its host name
     * @param parent the folder that keeps its disk, short enough for the path of a Unix socket in it
     */
    public static Machine boot(String name, Path parent) {
        Path folder = parent.resolve(name);
        Path initScript = folder.resolve("init.sh");
        try (var script = Machine.class.getResourceAsStream("machine-init.sh")) {
            Files.createDirectories(folder);
            Files.copy(script, initScript);
        } catch (IOException e) {
            throw new UncheckedIOException("make the disk of machine " + name, e);
        }
        return new Machine(name, folder, initScript, Namespaces.boot(folder, initScript, name));
    }

    /** The host name. */
    public String name() {
        return name;
    }

    /** The path under which a file of this machine is seen by the tests' JVM. */
    public Path outsidePathOf(String path) {
        return Path.of("/proc", Long.toString(namespaces.holder()), "root").resolve(path.substring(1));
    }

    /** Whether somebody listens on a Unix socket of this machine, found out without a process there. */
    public boolean hasListenerOn(String socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(outsidePathOf(socket)))) {
            return channel.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    /** The process id of this machine's PID 1, as the tests' machine sees it. */
    public long holder() {
        return namespaces.holder();
    }

    /** Runs a command to its end, of whatever status. */
    public CommandResult run(String... command) {
        return run(List.of(command));
    }

    /** Runs a command to its end, of whatever status. */
    public CommandResult run(List<String> command) {
        return run(command, "");
    }

    /** Runs a command to its end with this standard input. */
    public CommandResult run(List<String> command, String input) {
        return execute(command, namespaces.entering(command), input);
    }

    /** Runs a command in this network, but where process ids are those of the tests' machine. */
    CommandResult runWithNetworkOnly(List<String> command) {
        return execute(command, namespaces.enteringNetworkOnly(command), "");
    }

    private CommandResult execute(List<String> command, List<String> wholeCommand, String input) {
        try {
            Process entrance = new ProcessBuilder(wholeCommand).start();
            var errors = CompletableFuture.supplyAsync(() -> readAll(entrance.getErrorStream()), READERS);
            var output = CompletableFuture.supplyAsync(() -> readAll(entrance.getInputStream()), READERS);
            try (var stdin = entrance.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!entrance.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                entrance.toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
                throw new IllegalStateException("%s: %s goes on after %s: %s%s"
                        .formatted(name, String.join(" ", command), PATIENCE, output.join(), errors.join()));
            }
            return new CommandResult(command, entrance.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new UncheckedIOException("run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    /** Runs a line of shell that must succeed, and gives its standard output. */
    public String shell(String line) {
        return run("bash", "-c", line).orThrow().output();
    }

    /** Starts a process that goes on; it ends with the machine at the latest. */
    public BackgroundProcess start(String... command) {
        return start(List.of(command));
    }

    /** Starts a process that goes on; it ends with the machine at the latest. */
    public BackgroundProcess start(List<String> command) {
        Path log = nextLog(command);
        return start(command, log)
                .orElseThrow(
                        () -> new IllegalStateException("a process has ended at once: " + BackgroundProcess.read(log)));
    }

    /** The same of one that may end before anybody has seen it: empty then. */
    public Optional<BackgroundProcess> tryToStart(List<String> command) {
        return start(command, nextLog(command));
    }

    private Path nextLog(List<String> command) {
        return folder.resolve("%s-%d.log".formatted(Path.of(command.get(0)).getFileName(), logs.incrementAndGet()));
    }

    private Optional<BackgroundProcess> start(List<String> command, Path log) {
        try {
            Process entrance = new ProcessBuilder(namespaces.entering(command))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Eventually.holds(
                    "process of " + command, PATIENCE, () -> madeBy(entrance).isPresent() || !entrance.isAlive());
            return madeBy(entrance)
                    .map(process -> new BackgroundProcess(String.join(" ", command), entrance, process, log));
        } catch (IOException e) {
            throw new UncheckedIOException("start " + command, e);
        }
    }

    /** The process that nsenter(1) has made. */
    private static Optional<ProcessHandle> madeBy(Process entrance) {
        return entrance.toHandle().children().findFirst();
    }

    /** Pulls the plug and switches on again: processes, network stack and {@code /run} are new, {@code /var/lib} is as it was. */
    public void reboot() {
        cables.forEach(Cable::unplug);
        namespaces.close();
        namespaces = Namespaces.boot(folder, initScript, name);
        cables.forEach(Cable::plug);
    }

    /** Registers a cable, to be plugged in again after a reboot. */
    void attach(Cable cable) {
        cables.add(cable);
    }

    @Override
    public void close() {
        namespaces.close();
        ControlGroups.removeTree(controlGroup());
        Folders.delete(folder);
    }

    /** The control group, below the root of each hierarchy, that the machine's containers belong under. */
    public String controlGroup() {
        return "/" + folder.getParent().getFileName() + "-" + name;
    }

    private static Thread readerThread(Runnable work) {
        Thread thread = new Thread(work, "output reader");
        thread.setDaemon(true);
        return thread;
    }

    private static String readAll(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
