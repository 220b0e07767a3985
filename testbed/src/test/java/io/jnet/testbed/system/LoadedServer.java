package io.jnet.testbed.system;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.load.Load;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A container on a network {@code web}, with the servers of a load at two published ports, and one that tells its peer at a third. */
final class LoadedServer implements AutoCloseable {
    /** Others for each: connections of the one before may linger. */
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(8000);

    private static final int DISTANCE = 10;

    private final DockerLab lab;
    private final Container container;
    private final int firstPort;
    private final BackgroundProcess servers;

    private LoadedServer(DockerLab lab, Container container, int firstPort, BackgroundProcess servers) {
        this.lab = lab;
        this.container = container;
        this.firstPort = firstPort;
        this.servers = servers;
    }

    /** Makes the network, with these options beside a subnet, and the container. */
    static LoadedServer start(DockerLab lab, String... networkOptions) {
        int firstPort = NEXT_PORT.getAndAdd(DISTANCE);
        List<String> options = new ArrayList<>(List.of("--subnet", "10.90.1.0/24"));
        options.addAll(List.of(networkOptions));
        lab.createNetwork("web", options.toArray(String[]::new));
        Container container = lab.docker()
                .serve(
                        List.of(
                                "--network",
                                "web",
                                "--publish",
                                firstPort + ":80",
                                "--publish",
                                firstPort + 1 + ":81",
                                "--publish",
                                firstPort + 2 + ":82"),
                        Servers.tellPeer(82))
                .listeningOn(82);
        return new LoadedServer(
                lab, container, firstPort, Load.startServer(lab.host(), inNetworkOf(container), 80, 81));
    }

    private static List<String> inNetworkOf(Container container) {
        return List.of("nsenter", "--target", container.pid(), "--net", "--");
    }

    Container container() {
        return container;
    }

    /** Starts the load, from outside. */
    Load load() {
        return Load.start(lab.lab().outside(), lab.lab().folder(), Lab.HOST_ADDRESS, firstPort, firstPort + 1);
    }

    /**
     * Whether a new connection from outside reaches the container. By the answer: while there are no rules, the daemon's own socket for the
     * port takes the connection.
     */
    boolean isPublished() {
        return Probe.on(lab.lab().outside())
                .connect(Lab.HOST_ADDRESS, firstPort + 2)
                .text()
                .startsWith(Lab.OUTSIDE_ADDRESS + " ");
    }

    /** Ends the load's servers; the container and its network are the lab's to remove. */
    @Override
    public void close() {
        servers.close();
    }
}
