package io.jnet.bench;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host with dockerd, jnet and a network of each driver; and a machine that nothing runs on. */
public final class Workbench implements AutoCloseable {
    /** A user-defined network of Docker's bridge driver. */
    public static final String BRIDGE = "bridge-net";
    /** A network of jnet. */
    public static final String JNET = "jnet-net";

    private final Lab lab;
    private final DockerEngine docker;

    private Workbench(Lab lab) {
        this.lab = lab;
        JnetDaemon.start(lab.host());
        docker = DockerEngine.start(lab.host(), List.of());
        run("network", "create", "--driver", "bridge", "--subnet", "10.91.0.0/16", BRIDGE);
        run("network", "create", "--driver", "jnet", "--subnet", "10.92.0.0/16", JNET);
    }

    /** Boots the machines and starts everything. */
    public static Workbench open() {
        Lab lab = Lab.open();
        try {
            return new Workbench(lab);
        } catch (IllegalStateException e) {
            lab.close();
            throw e;
        }
    }

    /** Runs {@code docker ARGUMENTS}, which must succeed, and gives its output. */
    public String run(String... arguments) {
        return docker.docker(arguments).orThrow().text();
    }

    /** Runs {@code docker run --detach --name NAME OPTIONS} with a container that waits. */
    public Container idle(String name, List<String> options) {
        List<String> command = new ArrayList<>(List.of("run", "--detach", "--name", name));
        command.addAll(options);
        command.addAll(List.of(Images.TOOLS, "sleep", "1000000"));
        return new Container(docker, docker.docker(command).orThrow().text());
    }

    /** Where the daemon is called as dockerd calls it. */
    public Path pluginSocket() {
        return pluginSocket(host());
    }

    /** Where the daemon of any machine is called. */
    public static Path pluginSocket(Machine machine) {
        return machine.outsidePathOf(JnetDaemon.PLUGIN_SOCKET);
    }

    /** The machine with dockerd and jnet. */
    public Machine host() {
        return lab.host();
    }

    /** Its neighbour on the uplink. */
    public Machine outside() {
        return lab.outside();
    }

    /** A machine on which nothing runs, and on which everything may be done. */
    public Machine empty() {
        return lab.far();
    }

    /** A folder that ends with the workbench. */
    public Path folder() {
        return lab.folder();
    }

    @Override
    public void close() {
        lab.close();
    }
}
