package io.jnet.testbed.cri;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.ImageArchive;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A containerd with its CRI service, on a machine of its own. */
public final class Containerd implements AutoCloseable {
    /** Where its CRI service looks for plugins; outlives a reboot. */
    public static final String PLUGINS = "/var/lib/cri/bin";
    /** Where it looks for configurations; empty at first, outlives a reboot. */
    public static final String CONFIGURATIONS = "/var/lib/cri/net.d";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SOCKET = "/run/containerd/containerd.sock";
    private static final String CONFIGURATION_FILE = "/var/lib/cri/containerd.toml";
    private static final String PAUSE = "jnet-testbed/pause:1";
    private static final String REGISTRY = "docker.io/";
    private static final String CONFIGURATION =
            """
            version = 2
            root = "/var/lib/containerd"
            state = "/run/containerd"
            [grpc]
            address = "%s"
            [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "%s"
            stream_server_port = "10010"
            # Where the tests may not spare their own processes from the kernel's out-of-memory killer, neither may containerd.
            restrict_oom_score_adj = true
            [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "overlayfs"
            [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%s"
            conf_dir = "%s"
            """;

    private final Machine machine;
    private BackgroundProcess containerd;
    private CriClient client;

    private Containerd(Machine machine) {
        this.machine = machine;
    }

    /** Starts containerd, waits until its CRI service answers, and imports the images of the tests. */
    public static Containerd start(Machine machine, Path folder) {
        Containerd containerd = new Containerd(machine);
        machine.run("mkdir", "/var/lib/cri").orThrow();
        machine.run(
                        List.of("tee", CONFIGURATION_FILE),
                        CONFIGURATION.formatted(SOCKET, REGISTRY + PAUSE, PLUGINS, CONFIGURATIONS))
                .orThrow();
        containerd.startAgain();
        Path archive = folder.resolve("images.tar");
        ImageArchive.write(archive, Map.of(PAUSE, List.of("/bin/sleep", "1000000"), Images.TOOLS, List.of("/bin/sh")));
        containerd.ctr("images", "import", archive.toString()).orThrow();
        return containerd;
    }

    /** Has jnet install itself where containerd looks, for a network {@code pods}, {@code 10.86.0.0/24}. */
    public static void configure(JnetDaemon jnet) {
        jnet.run(
                        "cni",
                        "install",
                        "--bin-dir",
                        PLUGINS,
                        "--conf-dir",
                        CONFIGURATIONS,
                        "--network",
                        "pods",
                        "--subnet",
                        "10.86.0.0/24")
                .orThrow();
    }

    /** Starts containerd, for the first time or after its end. */
    public void startAgain() {
        containerd = machine.start("containerd", "--config", CONFIGURATION_FILE);
        Eventually.holds("containerd answers", PATIENCE, () -> {
            if (!containerd.isAlive()) {
                throw new IllegalStateException("containerd has ended:\n" + containerd.log());
            }
            return machine.hasListenerOn(SOCKET) && ctr("version").succeeded();
        });
        client = new CriClient(machine.outsidePathOf(SOCKET), machine.controlGroup(), REGISTRY + Images.TOOLS);
    }

    /** Runs {@code ctr ARGUMENTS} to its end, about what belongs to the CRI service. */
    public CommandResult ctr(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ctr", "--address", SOCKET, "--namespace", "k8s.io"));
        command.addAll(List.of(arguments));
        return machine.run(command);
    }

    /** Sends SIGKILL to the first process of a container or sandbox. */
    public void killTask(String id) {
        ctr("task", "kill", "--signal", "SIGKILL", id).orThrow();
    }

    /** Ends containerd with SIGKILL: pods go on. */
    public void kill() {
        client.close();
        containerd.kill();
    }

    /** The CRI service. */
    public CriClient client() {
        return client;
    }

    /** What the running containerd has logged. */
    public String log() {
        return containerd.log();
    }

    @Override
    public void close() {
        if (containerd.isAlive()) {
            kill();
        }
    }
}
