package io.jnet.testbed.docker;

import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A dockerd with its usual paths, on a machine of its own. */
public final class DockerEngine implements AutoCloseable {
    private static final String API = "/run/docker.sock";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Machine machine;
    private final List<String> options;
    private BackgroundProcess dockerd;

    private DockerEngine(Machine machine, List<String> options) {
        this.machine = machine;
        this.options = options;
    }

    /**
     * Starts dockerd, waits until it answers, and imports the tests' image when it is not there.
     *
     * @param options of dockerd
     */
    public static DockerEngine start(Machine machine, List<String> options) {
        DockerEngine engine = launch(machine, options);
        engine.waitUntilReady();
        return engine;
    }

    /** Starts dockerd, which is not to be used before {@link #waitUntilReady}. */
    public static DockerEngine launch(Machine machine, List<String> options) {
        DockerEngine engine = new DockerEngine(machine, List.copyOf(options));
        engine.startWithoutWaiting();
        return engine;
    }

    /** Waits until dockerd answers, and imports the tests' image when it is not there. */
    public void waitUntilReady() {
        waitUntilItAnswers();
        if (!docker("image", "inspect", Images.TOOLS).succeeded()) {
            docker("import", Images.archive().toString(), Images.TOOLS).orThrow();
        }
    }

    /** Starts dockerd again, with the same options, and waits until it answers. */
    public void startAgain() {
        startWithoutWaiting();
        waitUntilItAnswers();
    }

    /** Starts dockerd again, with the same options; {@link #waitUntilItAnswers} is for later. */
    public void startWithoutWaiting() {
        List<String> command = new ArrayList<>(List.of("dockerd", "--cgroup-parent", machine.controlGroup()));
        command.addAll(options);
        dockerd = machine.start(command);
    }

    /** Waits until dockerd answers. It listens early, and answers when it has looked at all that it has. */
    public void waitUntilItAnswers() {
        Eventually.holds("dockerd answers", PATIENCE, () -> {
            if (!dockerd.isAlive()) {
                throw new IllegalStateException("dockerd has ended:\n" + dockerd.log());
            }
            return machine.hasListenerOn(API) && answers();
        });
    }

    private boolean answers() {
        return machine.run(
                        "curl",
                        "--silent",
                        "--fail",
                        "--max-time",
                        Long.toString(PATIENCE.toSeconds()),
                        "--unix-socket",
                        API,
                        "http://docker/_ping")
                .succeeded();
    }

    /** Runs {@code docker ARGUMENTS} to its end. */
    public CommandResult docker(String... arguments) {
        return docker(List.of(arguments));
    }

    /** Runs {@code docker ARGUMENTS} to its end. */
    public CommandResult docker(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        return machine.run(command);
    }

    /** Runs {@code docker run --detach ARGUMENTS}, which must succeed. */
    public Container run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "--detach", "--init"));
        command.addAll(List.of(arguments));
        return new Container(this, docker(command).orThrow().text());
    }

    /** The first number of its version: 20, 26, 28. */
    public int majorVersion() {
        String version =
                docker("version", "--format", "{{.Server.Version}}").orThrow().text();
        return Integer.parseInt(version.replaceAll("\\D.*", "").strip());
    }

    /** Runs a container that only waits. */
    public Container idle(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(Images.TOOLS, "sleep", "1000000"));
        return run(arguments.toArray(String[]::new));
    }

    /** Runs a container with these servers. */
    public Container serve(List<String> options, String... servers) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(Images.TOOLS);
        arguments.addAll(Servers.inOneContainer(servers));
        return run(arguments.toArray(String[]::new));
    }

    /**
     * Makes a container by the API, which takes what newer commands refuse to send to an older engine; it is not started.
     *
     * @param body the JSON of POST /containers/create
     */
    public Container create(String body) {
        List<String> command = List.of(
                "curl",
                "--silent",
                "--fail",
                "--unix-socket",
                API,
                "--header",
                "Content-Type: application/json",
                "--data",
                "@-",
                "http://docker/v1.41/containers/create");
        String answer = machine.run(command, body).orThrow().text();
        return new Container(this, answer.replaceAll(".*\"Id\":\"([0-9a-f]+)\".*", "$1"));
    }

    /** The value of a Go template over {@code docker inspect} of anything that has a name. */
    public String inspect(String name, String template) {
        return docker("inspect", "--format", template, name).orThrow().text();
    }

    /** Removes every container and every network that a user made. */
    public void removeEverything() {
        List<String> containers = docker("ps", "--all", "--quiet").orThrow().lines();
        if (!containers.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("rm", "--force", "--volumes"));
            command.addAll(containers);
            docker(command).orThrow();
        }
        // Docker counts the last endpoints down after it has answered.
        if (!Eventually.settled(Duration.ofSeconds(10), this::removeNetworks, CommandResult::succeeded)
                .succeeded()) {
            // Containers that start or end at the same time can make dockerd 20.10 lose count of a network's endpoints,
            // of Docker's own drivers too (moby#42119); at its start it counts again ("Fixing inconsistent
            // endpoint_cnt").
            stop();
            startAgain();
            removeNetworks().orThrow();
        }
    }

    private CommandResult removeNetworks() {
        List<String> networks = docker("network", "ls", "--quiet", "--filter", "type=custom")
                .orThrow()
                .lines();
        List<String> command = new ArrayList<>(List.of("network", "rm"));
        command.addAll(networks);
        return networks.isEmpty() ? docker("version") : docker(command);
    }

    /** Ends dockerd with SIGTERM: its containers are stopped first. */
    public void stop() {
        dockerd.terminate();
        dockerd.waitForEnd(PATIENCE);
    }

    /** Ends dockerd with SIGKILL: containers and containerd go on. */
    public void kill() {
        dockerd.kill();
    }

    /** The Unix socket of the API, as the tests' JVM sees it. */
    public String apiSocket() {
        return machine.outsidePathOf(API).toString();
    }

    /** The machine that dockerd runs on. */
    public Machine machine() {
        return machine;
    }

    /** What the running dockerd has logged. */
    public String log() {
        return dockerd.log();
    }

    @Override
    public void close() {
        if (dockerd.isAlive()) {
            stop();
        }
    }
}
