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

    private final List<String> done = new ArrayList<>();

    /** Whether systemd runs this machine. */
    public static boolean areThere() {
        return Files.isDirectory(BOOTED) && PROGRAMS.stream().anyMatch(Files::isExecutable);
    }

    /** Whether systemd runs the daemon. */
    public boolean runDaemon() {
        return run("is-active", "--quiet", SERVICE).status == 0;
    }

    /**
     * Has systemd start jnet, now and at each boot; a daemon that runs is started again, as what was installed.
     *
     * @return what was done, a line each
     * @throws HostException with what systemctl says
     */
    public List<String> start() {
        boolean running = runDaemon();
        require("daemon-reload");
        for (String other : OTHERS) {
            if (run("is-active", "--quiet", other).status == 0) {
                require("reload", other);
            }
        }
        require("enable", SOCKET, SERVICE);
        require("start", SOCKET);
        require(running ? "restart" : "start", SERVICE);
        return done;
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
            throw new HostException(command + " failed: " + result.output.strip());
        }
        done.add("ran " + command);
    }

    /** @param output standard output and standard error */
    private record Result(int status, String output) {}

    private static Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new HostException("no systemctl"))
                .toString());
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
                : "lib/make-archive: " + result.output.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
