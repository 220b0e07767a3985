package io.jnet.testbed.cni;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A container as a runtime tells plugins of it, with the interface {@code eth0}.
 *
 * @param id its id
 * @param namespace the path of its network namespace; empty when there is none any more
 * @param arguments {@code CNI_ARGS}
 * @param capabilities what the runtime offers to plugins that list it, by the capability's name
 */
public record CniContainer(String id, String namespace, String arguments, Map<String, Object> capabilities) {
    static final String INTERFACE = "eth0";

    public CniContainer {
        capabilities = Map.copyOf(capabilities);
    }

    /** A container whose namespace {@code ip netns} has made under its name. */
    public static CniContainer named(String id) {
        return new CniContainer(id, "/run/netns/" + id, "", Map.of());
    }

    /** The same with other arguments. */
    public CniContainer withArguments(String value) {
        return new CniContainer(id, namespace, value, capabilities);
    }

    /** The same with one more capability. */
    public CniContainer with(String capability, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(capabilities);
        all.put(capability, value);
        return new CniContainer(id, namespace, arguments, all);
    }

    /** The same when its namespace is gone. */
    public CniContainer withoutNamespace() {
        return new CniContainer(id, "", arguments, capabilities);
    }
}
