package io.jnet.cni.protocol;

import io.jnet.engine.failure.Printable;
import io.jnet.netlink.link.InterfaceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The environment of a call (spec 1.1.0, section 2, "Parameters").
 *
 * @param command what to do
 * @param containerId the container; empty where the command is about no container
 * @param namespacePath {@code CNI_NETNS}; absent for a DEL of a container whose namespace is gone
 * @param interfaceName the interface in the container
 * @param arguments {@code CNI_ARGS}
 */
public record CniEnvironment(
        Command command,
        String containerId,
        Optional<String> namespacePath,
        Optional<InterfaceName> interfaceName,
        Map<String, String> arguments) {
    private static final Pattern CONTAINER_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,255}");

    public CniEnvironment {
        arguments = Map.copyOf(arguments);
    }

    /**
     * Reads the variables of a call.
     *
     * @throws CniException with {@link CniCode#BAD_ENVIRONMENT} that names the variable
     */
    public static CniEnvironment of(Map<String, String> variables) {
        Command command = Command.parse(required(variables, "CNI_COMMAND"));
        if (!command.isOfAttachment()) {
            return new CniEnvironment(command, "", Optional.empty(), Optional.empty(), Map.of());
        }
        String containerId = required(variables, "CNI_CONTAINERID");
        if (!CONTAINER_ID.matcher(containerId).matches()) {
            throw CniException.environment("invalid CNI_CONTAINERID \"" + Printable.of(containerId)
                    + "\": want a letter or digit and up to 255 letters, digits, \"_\", \".\" or \"-\"");
        }
        Optional<String> namespace =
                Optional.ofNullable(variables.get("CNI_NETNS")).filter(path -> !path.isEmpty());
        if (command != Command.DEL && namespace.isEmpty()) {
            throw CniException.environment("missing CNI_NETNS");
        }
        return new CniEnvironment(
                command,
                containerId,
                namespace,
                Optional.of(interfaceName(required(variables, "CNI_IFNAME"))),
                arguments(variables.getOrDefault("CNI_ARGS", "")));
    }

    /** The same call about another container. */
    public CniEnvironment withContainer(String container) {
        return new CniEnvironment(command, container, namespacePath, interfaceName, arguments);
    }

    /** One of {@code CNI_ARGS}. */
    public Optional<String> argument(String key) {
        return Optional.ofNullable(arguments.get(key)).filter(value -> !value.isEmpty());
    }

    /** The pod, with its namespace where there is one, when Kubernetes' runtimes name it. */
    public Optional<String> podName() {
        String space = argument("K8S_POD_NAMESPACE").map(name -> name + "/").orElse("");
        return argument("K8S_POD_NAME").map(name -> space + name);
    }

    /** Whether one of {@code CNI_ARGS} is there, with whatever value. */
    public boolean hasArgument(String key) {
        return arguments.containsKey(key);
    }

    /** The interface of a command about an attachment. */
    public InterfaceName container() {
        return interfaceName.orElseThrow(() -> CniException.environment("missing CNI_IFNAME"));
    }

    private static InterfaceName interfaceName(String text) {
        try {
            return new InterfaceName(text);
        } catch (IllegalArgumentException invalid) {
            throw CniException.environment("CNI_IFNAME: " + invalid.getMessage());
        }
    }

    private static String required(Map<String, String> variables, String name) {
        String value = variables.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw CniException.environment("missing " + name);
        }
        return value;
    }

    /** {@code K=V;K2=V2}. What is no pair is passed over: other plugins of the chain may know what to make of it. */
    private static Map<String, String> arguments(String text) {
        Map<String, String> arguments = new HashMap<>();
        for (String pair : text.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return arguments;
    }
}
