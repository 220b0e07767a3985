package io.jnet.daemon.install;

import io.jnet.daemon.host.HostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** jnet's units in the systemd that runs this machine, by systemctl(1). */
public final class Services {
    /** sd_booted(3). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/systemctl"), Path.of("/bin/systemctl"));
    private static final String SERVICE = "jnet.service";
    private static final String SOCKET = "jnet.socket";
    /** For whom there are files among jnet's, which they read when they are told. */
    private static final List<String> OTHERS = List.of("NetworkManager.service", "systemd-networkd.service");

    /** A daemon has three minutes to start. */
    private static final int PATIENCE_SECONDS = 240;

    private final Path systemctl;
    private final List<String> done = new ArrayList<>();

    /**
     * Those of this machine.
     *
     * @throws HostException when there is no systemctl
     */
    public Services() {
        this(PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new HostException("no systemctl")));
    }

    /** Those of which a program tells. */
    Services(Path systemctl) {
        this.systemctl = systemctl;
    }

    /** Whether systemd runs this machine. */
    public static boolean areThere() {
        return Files.isDirectory(BOOTED) && PROGRAMS.stream().anyMatch(Files::isExecutable);
    }

    /** Whether systemd runs the daemon, or would for whoever calls: it listens on the sockets itself then. */
    public boolean answer() {
        return isActive(SERVICE) || isActive(SOCKET);
    }

    /**
     * Has systemd start jnet, now and at each boot; a daemon that runs is started again, as what was installed. Other services that do not
     * read jnet's files are told.
     *
     * @return what was done, a line each
     * @throws HostException with what systemctl says
     */
    public List<String> start() {
        require("daemon-reload");
        OTHERS.stream().filter(this::isActive).forEach(this::reload);
        require("enable", SOCKET, SERVICE);
        // What was there before may have failed until systemd gave up; without effect, and status 1, where it has not.
        run("reset-failed", SOCKET, SERVICE);
        require("start", SOCKET);
        // One that is being started is the one before.
        require("restart", SERVICE);
        return done;
    }

    private boolean isActive(String unit) {
        return run("is-active", "--quiet", unit).status == 0;
    }

    private void reload(String other) {
        Result result = run("reload", other);
        String command = "systemctl reload " + other;
        done.add(
                result.status == 0
                        ? "ran " + command
                        : "warning: " + command
                                + " failed, so it may take jnet's links for its own until it is started again: "
                                + oneLine(result.output));
    }

    /** Has systemd stop jnet and forget it; without effect where it does not know it. */
    public List<String> stop() {
        if (run("cat", SOCKET).status == 0) {
            require("disable", "--now", SOCKET, SERVICE);
        }
        return done;
    }

    /** Has systemd read its units again. */
    public List<String> reload() {
        require("daemon-reload");
        return done;
    }

    private void require(String... arguments) {
        Result result = run(arguments);
        String command = "systemctl " + String.join(" ", arguments);
        if (result.status != 0) {
            throw new HostException(command + " failed: " + oneLine(result.output));
        }
        done.add("ran " + command);
    }

    /** @param output standard output and standard error */
    private record Result(int status, String output) {}

    private Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(systemctl.toString());
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new HostException(command.get(0) + " did not end within " + PATIENCE_SECONDS + " seconds");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException failed) {
            throw new HostException("cannot run " + command.get(0) + ": " + failed.getMessage(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while " + command.get(0) + " ran", interrupted);
        }
    }

    /**
     * Has the archive of classes made by which jnet starts in half the time: for the place where it is, and the Java that is there. jnet works
     * without.
     */
    public static String makeArchive() {
        Result result =
                run(List.of(Distribution.HOME.resolve("lib/make-archive").toString()));
        return result.status == 0 && result.output.isBlank()
                ? "made " + Distribution.HOME.resolve("lib/jnet.jsa")
                : "lib/make-archive: " + oneLine(result.output);
    }

    private static String oneLine(String output) {
        return output.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
