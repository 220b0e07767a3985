package io.jnet.testbed.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of {@code jnet-cni} with the interface {@code eth0}.
 *
 * @param prefix what the command line begins with
 * @param environment the variables
 * @param configuration standard input
 */
public record CniCall(List<String> prefix, Map<String, String> environment, String configuration) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What the executable answered.
     *
     * @param command its status and output
     */
    public record Answer(CommandResult command) {
        /** The result of a call that must succeed. */
        public JsonNode result() {
            return JSON.readTree(command.orThrow().output());
        }

        /** Checks that the call succeeded, and printed nothing. */
        public void succeeded() {
            assertThat(command.orThrow().output()).isEmpty();
        }

        /** The message of an error object with this code. */
        public String error(int code) {
            assertThat(command.exitStatus()).as(command.toString()).isEqualTo(1);
            JsonNode error = JSON.readTree(command.output());
            assertThat(error.path("code").asInt()).as(error.toString()).isEqualTo(code);
            return error.path("msg").asString();
        }
    }

    /** A call about a container whose namespace {@code ip netns} has made under its name. */
    public static CniCall of(String command, String container, String configuration) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", container);
        environment.put("CNI_NETNS", "/run/netns/" + container);
        environment.put("CNI_IFNAME", "eth0");
        environment.put("CNI_PATH", "/opt/cni/bin");
        return new CniCall(List.of(), environment, configuration);
    }

    /** The same with another command. */
    public CniCall command(String command) {
        return with("CNI_COMMAND", command);
    }

    /** The same as a runtime calls that has lost the namespace. */
    public CniCall withoutNamespace() {
        return with("CNI_NETNS", "");
    }

    /** The same with one more variable. */
    public CniCall with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new CniCall(prefix, all, configuration);
    }

    /** The same with the result of an earlier plugin, or of the ADD. */
    public CniCall withPrevious(JsonNode result) {
        ObjectNode all = (ObjectNode) JSON.readTree(configuration);
        all.set("prevResult", result);
        return new CniCall(prefix, environment, all.toString());
    }

    /** The same, run by another program. */
    public CniCall prefixed(String... program) {
        return new CniCall(List.of(program), environment, configuration);
    }

    /** Runs the executable to its end. */
    public Answer run(Machine machine) {
        return run(machine, JnetDaemon.distribution().resolve("bin/jnet-cni").toString());
    }

    /** Runs another plugin to its end. */
    public Answer run(Machine machine, String executable) {
        List<String> command = new ArrayList<>(prefix);
        command.add("env");
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(executable);
        return new Answer(machine.run(command, configuration));
    }
}
