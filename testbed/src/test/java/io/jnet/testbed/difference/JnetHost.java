package io.jnet.testbed.difference;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Lab;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** jnet with its daemon: one plugin, whose configuration has the keys of the whole chain. */
public final class JnetHost implements CniHost {
    private final Lab lab;
    private final Map<String, CniCall> calls = new HashMap<>();

    /** Starts the daemon on the host of a lab. */
    public JnetHost(Lab lab) {
        this.lab = lab;
        JnetDaemon.start(lab.host());
    }

    @Override
    public Lab lab() {
        return lab;
    }

    @Override
    public JsonNode add(CniCase given, String network, String container) {
        ObjectNode configuration = given.ipam().objectNode();
        for (Map.Entry<String, ObjectNode> plugin : given.plugins().entrySet()) {
            configuration.setAll(plugin.getValue());
        }
        configuration.put("cniVersion", given.version()).put("name", network).put("type", "jnet");
        configuration.set("ipam", given.ipamWith("jnet"));
        if (!given.runtime().isEmpty()) {
            configuration.set("runtimeConfig", given.runtime());
        }
        CniCall call = CniCall.of("ADD", container, configuration.toString())
                .with("CNI_ARGS", given.arguments())
                .with("CNI_PATH", ReferenceHost.PLUGINS);
        calls.put(container, call);
        return call.run(lab.host()).result();
    }

    /** By the daemon's socket, since each command is a JVM that starts. */
    @Override
    public void clean(Map<String, String> containers) {
        for (String container : containers.keySet()) {
            calls.remove(container).command("DEL").run(lab.host()).succeeded();
        }
        for (String network : Set.copyOf(containers.values())) {
            lab.host()
                    .run(
                            "curl",
                            "--silent",
                            "--show-error",
                            "--fail",
                            "--request",
                            "DELETE",
                            "--unix-socket",
                            JnetDaemon.SOCKET,
                            "http://jnet/v1/networks/" + network)
                    .orThrow();
        }
    }
}
