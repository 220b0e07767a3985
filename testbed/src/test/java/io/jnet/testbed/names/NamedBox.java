package io.jnet.testbed.names;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A network namespace that {@code ip netns} has made, connected by {@code jnet attach}.
 *
 * @param machine the host, with its daemon
 * @param name the namespace's
 */
public record NamedBox(Machine machine, String name) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Makes the namespace. */
    public static NamedBox make(Machine machine, String name) {
        machine.run("ip", "netns", "add", name).orThrow();
        return new NamedBox(machine, name);
    }

    /** Connects it to a network, and gives its first address there. */
    public String attach(String network, String... options) {
        List<String> command = new ArrayList<>(List.of(jnet(), "attach", path(), "--network", network, "--json"));
        command.addAll(List.of(options));
        JsonNode result = JSON.readTree(machine.run(command).orThrow().output());
        return result.at("/ips/0/address").asString().replaceFirst("/.*", "");
    }

    /** Disconnects it from a network. */
    public void detach(String network) {
        machine.run(jnet(), "detach", path(), "--network", network).orThrow();
    }

    /** Runs a command in there, with the files that are the namespace's own. */
    public CommandResult run(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(command));
        return machine.run(all);
    }

    /** The content of a file of {@code /etc/netns}. */
    public String file(String file) {
        return machine.shell("cat /etc/netns/" + name + "/" + file);
    }

    /** Asks a server by dig(1), which waits long for the answer that must come, and gives what it says in short. */
    public List<String> dig(String... question) {
        List<String> command = new ArrayList<>(List.of("dig", "+short", "+tries=1", "+time=20"));
        command.addAll(List.of(question));
        return run(command.toArray(String[]::new)).lines();
    }

    /** Deletes the namespace. */
    public void remove() {
        machine.run("ip", "netns", "delete", name);
        machine.run("rm", "-rf", "/etc/netns/" + name);
    }

    private static String jnet() {
        return JnetDaemon.distribution().resolve("bin/jnet").toString();
    }

    private String path() {
        return "/run/netns/" + name;
    }
}
