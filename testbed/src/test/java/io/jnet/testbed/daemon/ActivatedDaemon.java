package io.jnet.testbed.daemon;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Compiler;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code jnet daemon} on sockets that another process has bound, which starts it when somebody connects, as systemd does. */
public final class ActivatedDaemon implements AutoCloseable {
    /** Where clients connect. */
    public static final List<String> SOCKETS =
            List.of(JnetDaemon.PLUGIN_SOCKET, JnetDaemon.SOCKET, JnetDaemon.CNI_SOCKET);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern STARTED = Pattern.compile("started (\\d+)");

    private final Machine machine;
    private final BackgroundProcess activator;

    private ActivatedDaemon(Machine machine, BackgroundProcess activator) {
        this.machine = machine;
        this.activator = activator;
    }

    /** Binds the sockets; no daemon runs yet. */
    public static ActivatedDaemon listen(Machine machine, Path folder) {
        Path program = Compiler.compile(ActivatedDaemon.class, "activate", folder);
        machine.shell("mkdir -p /run/docker/plugins /run/jnet");
        String launcher = JnetDaemon.distribution().resolve("bin/jnet").toString();
        BackgroundProcess activator = machine.start(
                program.toString(),
                "/run/notify",
                SOCKETS.get(0),
                SOCKETS.get(1),
                SOCKETS.get(2),
                "--",
                launcher,
                "daemon");
        ActivatedDaemon daemon = new ActivatedDaemon(machine, activator);
        Eventually.holds("the sockets are bound", PATIENCE, () -> daemon.log().contains("listening"));
        return daemon;
    }

    /** How often a daemon was started. */
    public int starts() {
        return (int) STARTED.matcher(log()).results().count();
    }

    /** Sends a signal to the daemon that runs, and waits until that has ended. */
    public void end(String signal) {
        long ends = ends();
        Matcher started = STARTED.matcher(log());
        String process = "";
        while (started.find()) {
            process = started.group(1);
        }
        machine.run("kill", "-" + signal, process).orThrow();
        Eventually.holds("daemon " + process + " has ended", PATIENCE, () -> ends() > ends);
    }

    private long ends() {
        return log().lines().filter(line -> line.startsWith("ended: ")).count();
    }

    /** What daemons have said, to their log and to who has started them. */
    public String log() {
        return activator.log();
    }

    @Override
    public void close() {
        activator.close();
    }
}
