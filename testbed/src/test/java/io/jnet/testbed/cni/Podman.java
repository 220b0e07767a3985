package io.jnet.testbed.cni;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Podman with its CNI backend on a machine. */
public final class Podman {
    /** The folder where it looks for plugins. */
    public static final String PLUGINS = "/opt/cni/bin";

    private static final String NETWORKS = "/etc/cni/net.d/";

    private final Machine machine;
    private boolean withoutCni;
    private String image = "";

    private Podman(Machine machine) {
        this.machine = machine;
    }

    /** Configures it. */
    public static Podman on(Machine machine) {
        Podman podman = new Podman(machine);
        // The folder of plugins is on this machine only.
        machine.shell("mount -t tmpfs tmpfs /opt && mkdir -p /etc/containers " + NETWORKS);
        podman.write(
                "/etc/containers/containers.conf",
                """
                [network]
                network_backend = "cni"
                cni_plugin_dirs = ["%s"]
                [containers]
                log_driver = "k8s-file"
                cgroupns = "host"
                [engine]
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                runtime = "runc"
                """
                        .formatted(PLUGINS));
        podman.write("/etc/containers/policy.json", "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
        podman.withoutCni = machine.run("podman", "info").everything().contains("cni support is not enabled");
        return podman;
    }

    /** Gives it a network. */
    public void network(String name, String configuration) {
        write(NETWORKS + "20-" + name + ".conflist", configuration);
    }

    /** Loads an image of Docker's, which containers run from then on, if this Podman can run any. */
    public void loadFromDocker(String name) {
        if (withoutCni) {
            return;
        }
        machine.shell("docker save " + name + " | podman load && rm -f " + NETWORKS + "87-podman-bridge.conflist");
        image = "localhost/" + name;
    }

    /** Runs a container that does nothing. */
    public void idle(String name, List<String> options) {
        List<String> command =
                new ArrayList<>(List.of("run", "--cgroup-parent", machine.controlGroup(), "--detach", "--name", name));
        command.addAll(options);
        command.addAll(List.of(image, "sleep", "1000000"));
        podman(command.toArray(String[]::new));
    }

    /** Makes a pod on a network, with the image's own program in the place of the one that pods usually have. */
    public void pod(String name, String network) {
        podman(
                "pod",
                "create",
                "--cgroup-parent",
                machine.controlGroup(),
                "--infra-image",
                image,
                "--infra-command",
                "sleep 1000000",
                "--name",
                name,
                "--network",
                network);
    }

    /** Runs a container that does nothing in a pod. */
    public void runInPod(String name, String pod, String... options) {
        List<String> all = new ArrayList<>(List.of("--pod", pod));
        all.addAll(List.of(options));
        idle(name, all);
    }

    /** Runs a command in a container. */
    public CommandResult exec(String container, String... command) {
        List<String> all = new ArrayList<>(List.of("podman", "exec", container));
        all.addAll(Arrays.asList(command));
        return machine.run(all);
    }

    /** The id of a container. */
    public String id(String container) {
        return podman("inspect", "--format", "{{.Id}}", container);
    }

    /** Runs a command of Podman's that must succeed. Where it was built without CNI, as Debian does from Podman 5 on, the test ends here. */
    public String podman(String... arguments) {
        assumeFalse(withoutCni, "this Podman was built without CNI");
        List<String> command = new ArrayList<>(List.of("podman"));
        command.addAll(List.of(arguments));
        return machine.run(command).orThrow().text();
    }

    /** Removes all pods and containers. */
    public void removeEverything() {
        machine.run("podman", "pod", "rm", "--all", "--force", "--time", "0");
        machine.run("podman", "rm", "--all", "--force", "--time", "0");
    }

    private void write(String path, String content) {
        machine.run(List.of("tee", path), content).orThrow();
    }
}
