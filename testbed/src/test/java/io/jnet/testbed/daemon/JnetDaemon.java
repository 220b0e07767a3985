package io.jnet.testbed.daemon;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code jnet daemon} with its default paths, on a machine of its own. */
public final class JnetDaemon {
    /** Where Docker looks for the driver {@code jnet}. */
    public static final String PLUGIN_SOCKET = "/run/docker/plugins/jnet.sock";
    /** Where the commands ask. */
    public static final String SOCKET = "/run/jnet/jnet.sock";

    /** Where {@code jnet-cni} asks. */
    public static final String CNI_SOCKET = "/run/jnet/cni.sock";

    /**
     * For what the daemon does unasked, on a busy machine too: it frees addresses that nobody uses, and forgets containers whose end nobody has
     * told it.
     */
    public static final Duration UNASKED = Duration.ofSeconds(60);

    /** On an emulated machine the first start takes half a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Map<List<String>, String> ANSWERS = Map.of(
            List.of("status"), "/v1/status",
            List.of("network", "ls"), "/v1/networks",
            List.of("endpoint", "ls"), "/v1/endpoints",
            List.of("ports"), "/v1/ports/traffic",
            List.of("ipam", "pools"), "/v1/ipam/pools",
            List.of("ipam", "leases"), "/v1/ipam/leases");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Machine machine;
    private final List<String> prefix;
    private final String pluginSocket;
    private BackgroundProcess daemon;

    private JnetDaemon(Machine machine, List<String> prefix, String pluginSocket) {
        this.machine = machine;
        this.prefix = List.copyOf(prefix);
        this.pluginSocket = pluginSocket;
    }

    /** Starts the daemon and waits until both sockets answer. */
    public static JnetDaemon start(Machine machine) {
        return start(machine, List.of());
    }

    /**
     * Starts the daemon by a program that runs it, and waits until both sockets answer.
     *
     * @param prefix what the command line begins with
     */
    public static JnetDaemon start(Machine machine, List<String> prefix) {
        JnetDaemon jnet = new JnetDaemon(machine, prefix, PLUGIN_SOCKET);
        jnet.startAgain();
        return jnet;
    }

    /** Starts the daemon with a plugin socket where Docker does not look, and waits until both sockets answer. */
    public static JnetDaemon startBehind(Machine machine, String pluginSocket) {
        JnetDaemon jnet = new JnetDaemon(machine, List.of(), pluginSocket);
        jnet.startAgain();
        return jnet;
    }

    /** The distribution that {@code mvn package} has left. */
    public static Path distribution() {
        Path distribution = Path.of(System.getProperty("jnet.distribution", "../daemon/target/jnet"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isExecutable(distribution.resolve("bin/jnet"))) {
            throw new IllegalStateException("no distribution in " + distribution + ": run mvn package first");
        }
        return distribution;
    }

    /** The launcher for somebody else than root, on a machine: the build may be in a folder that is closed to them, as {@code /root} is. */
    public static String launcherForAll(Machine machine) {
        String folder = "/run/distribution";
        machine.shell("mkdir -p %1$s && { mountpoint --quiet %1$s || mount --bind %2$s %1$s; }"
                .formatted(folder, distribution()));
        return folder + "/bin/jnet";
    }

    /** Starts the daemon, for the first time or after its end, and waits until both sockets answer. */
    public void startAgain() {
        daemon = machine.start(command());
        if (!answers()) {
            throw new IllegalStateException("jnet has ended:\n" + daemon.log());
        }
    }

    /** Starts the daemon and waits until both sockets answer, or it has ended. Whether they answer. */
    public boolean tryToStart() {
        Optional<BackgroundProcess> started = machine.tryToStart(command());
        started.ifPresent(process -> daemon = process);
        return started.isPresent() && answers();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(launcher(), "daemon", "--plugin-socket", pluginSocket));
        return command;
    }

    /** Waits until the daemon answers, or has ended. */
    private boolean answers() {
        Eventually.holds(
                "jnet answers or ends",
                PATIENCE,
                () -> !daemon.isAlive()
                        || (listens() && post("/Plugin.Activate", "").succeeded() && answersCommands()));
        return daemon.isAlive();
    }

    /** To ask takes a process. */
    private boolean listens() {
        return machine.hasListenerOn(pluginSocket) && machine.hasListenerOn(SOCKET);
    }

    private boolean answersCommands() {
        return machine.run("curl", "-sS", "--fail", "--unix-socket", SOCKET, "http://jnet/v1/status")
                .succeeded();
    }

    /** Waits until a daemon has ended that something has killed. */
    public void waitForDeath() {
        daemon.waitForEnd(PATIENCE);
    }

    /** Sends one request to the plugin socket, with the body as it is, and gives the answer's body. */
    public CommandResult post(String path, String body) {
        return machine.run(
                List.of(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--unix-socket",
                        pluginSocket,
                        "--request",
                        "POST",
                        "--data-binary",
                        "@-",
                        "--header",
                        "Content-Type:",
                        "http://plugin" + path),
                body);
    }

    /** Sends one request to the plugin socket and gives the status code of the answer. */
    public int statusOfPost(String path, String body) {
        CommandResult result = machine.run(
                List.of(
                        "curl",
                        "--silent",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}",
                        "--unix-socket",
                        pluginSocket,
                        "--request",
                        "POST",
                        "--data-binary",
                        "@-",
                        "http://plugin" + path),
                body);
        return Integer.parseInt(result.orThrow().text());
    }

    /** Runs {@code jnet ARGUMENTS} to its end. */
    public CommandResult run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(arguments));
        return machine.run(command);
    }

    /**
     * What {@code jnet ARGUMENTS --json} prints, which must succeed. Most of these print the daemon's answer as it is, and there it is asked: to
     * start a Java for each look takes half a second of a processor.
     */
    public JsonNode json(String... arguments) {
        String path = ANSWERS.get(List.of(arguments));
        if (path != null) {
            return JSON.readTree(machine.run("curl", "-sS", "--fail", "--unix-socket", SOCKET, "http://jnet" + path)
                    .orThrow()
                    .output());
        }
        return jsonOfCommand(arguments);
    }

    /** Runs {@code jnet ARGUMENTS --json}, which must succeed, and reads its output. */
    public JsonNode jsonOfCommand(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(arguments));
        command.add("--json");
        return JSON.readTree(machine.run(command).orThrow().output());
    }

    /** Whether the daemon runs. */
    public boolean isAlive() {
        return daemon.isAlive();
    }

    /** Sends SIGKILL. */
    public void kill() {
        daemon.kill();
    }

    /** Sends SIGTERM and waits for the end; gives the exit status. */
    public int stop() {
        daemon.terminate();
        return daemon.waitForEnd(PATIENCE);
    }

    /** Stops the daemon where it is, until {@link #resume}. */
    public void pause() {
        daemon.pause();
    }

    /** Lets a paused daemon go on. */
    public void resume() {
        daemon.resume();
    }

    /** The process id as the tests' machine sees it. */
    public long pid() {
        return daemon.pid();
    }

    /** What the running daemon has logged. */
    public String log() {
        return daemon.log();
    }

    private static String launcher() {
        return distribution().resolve("bin/jnet").toString();
    }
}
