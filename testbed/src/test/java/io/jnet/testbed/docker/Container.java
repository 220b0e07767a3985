package io.jnet.testbed.docker;

import io.jnet.testbed.machine.CommandResult;
import java.util.ArrayList;
import java.util.List;

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

    /** Stops and removes the container; there is no patience for its processes. */
    public void remove() {
        engine.docker("rm", "--force", "--volumes", id).orThrow();
    }
}
