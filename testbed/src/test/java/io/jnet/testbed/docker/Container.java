package io.jnet.testbed.docker;

import io.jnet.testbed.machine.CommandResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A container of a test.
 *
 * @param engine the engine that runs it
 * @param id the full id
 */
public record Container(DockerEngine engine, String id) {
    /** Runs a command inside, of whatever exit status. */
    public CommandResult exec(String... command) {
        List<String> arguments = new ArrayList<>(List.of("exec", id));
        arguments.addAll(List.of(command));
        return engine.docker(arguments);
    }

    /** Runs a line of shell inside that must succeed, and gives its standard output without the white space around it. */
    public String shell(String line) {
        return exec("sh", "-c", line).orThrow().text();
    }

    /** The IPv4 address on this network. */
    public String address(String network) {
        return engine.inspect(id, "{{(index .NetworkSettings.Networks \"%s\").IPAddress}}".formatted(network));
    }

    /** The IPv6 address on this network. */
    public String address6(String network) {
        return engine.inspect(id, "{{(index .NetworkSettings.Networks \"%s\").GlobalIPv6Address}}".formatted(network));
    }

    /**
     * Waits until something listens on these ports inside, TCP or UDP, IPv4 or IPv6.
     *
     * @param ports each as often as it has servers: twice where there is one for each family
     */
    public Container listeningOn(int... ports) {
        StringBuilder line = new StringBuilder();
        Arrays.stream(ports)
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .forEach((port, servers) ->
                        line.append("until [ $(netstat -lntu | grep -c ':%d ') -ge %d ]; do sleep 0.02; done; "
                                .formatted(port, servers)));
        exec("timeout", "20", "sh", "-c", line.toString()).orThrow();
        return this;
    }

    /** The process id of the container's init, as its machine sees it. */
    public String pid() {
        return engine.inspect(id, "{{.State.Pid}}");
    }

    /** Runs a program of the machine in the container's network, of whatever exit status. */
    public CommandResult inNetwork(String... command) {
        List<String> arguments = new ArrayList<>(List.of("nsenter", "--target", pid(), "--net", "--"));
        arguments.addAll(List.of(command));
        return engine.machine().run(arguments);
    }

    /** Stops and removes the container; there is no patience for its processes. */
    public void remove() {
        engine.docker("rm", "--force", "--volumes", id).orThrow();
    }
}
