package io.jnet.daemon.install;

import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.control.ControlJson;
import io.jnet.daemon.host.HostException;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.ShortId;
import io.jnet.engine.store.StateFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The networks and address pools that jnet has on a host, told by its daemon, or read from its state where none runs. */
public final class KeptNetworks {
    /** Where the state of a host is. */
    public static final String STATE = "/var/lib/jnet";

    private final List<String> networks;
    private final List<String> pools;

    private KeptNetworks(List<String> networks, List<String> pools) {
        this.networks = networks;
        this.pools = pools;
    }

    /**
     * Those of a host.
     *
     * @param root the folder that its files are below
     * @param daemon the daemon of this machine, when it is this machine
     * @throws HostException when the state cannot be read
     */
    public static KeptNetworks of(Path root, Optional<ControlClient> daemon) {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        if (daemon.isPresent() && daemon.get().isThere()) {
            daemon.get().copy(state, "state");
        } else if (Files.isDirectory(HostFile.below(root, Path.of(STATE)))) {
            read(HostFile.below(root, Path.of(STATE)), state);
        }
        Export export = state.size() == 0 ? Export.NONE : ControlJson.read(state.toByteArray(), Export.class);
        List<String> networks = new ArrayList<>();
        export.table("network").forEach((id, record) -> networks.add(name(id, record)));
        return new KeptNetworks(networks, List.copyOf(export.table("pool").keySet()));
    }

    /**
     * Refuses while there are any: who removes jnet then leaves links and rules that nobody looks after.
     *
     * @throws HostException that lists them and says how to remove them
     */
    public void refuseAny() {
        if (!networks.isEmpty()) {
            throw new HostException("jnet has networks: " + String.join(", ", networks)
                    + "; remove them with \"docker network rm\", those of CNI with \"jnet network rm\"");
        }
        if (!pools.isEmpty()) {
            throw new HostException("networks have addresses of jnet's pools: " + String.join(", ", pools)
                    + "; remove those networks with \"docker network rm\" (docker network ls, jnet ipam pools)");
        }
    }

    private static void read(Path folder, ByteArrayOutputStream out) {
        try {
            StateFolder.export(folder, export -> {
                try {
                    export.writeTo(out);
                } catch (IOException impossible) {
                    throw new UncheckedIOException(impossible);
                }
            });
        } catch (EngineException refused) {
            if (refused.code() != ErrorCode.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private static String name(String id, Object record) {
        String beginning = ShortId.of(id);
        Object spec = record instanceof Map<?, ?> fields ? fields.get("spec") : null;
        Object name = spec instanceof Map<?, ?> fields ? fields.get("name") : null;
        return name == null ? beginning : beginning + " (" + name + ")";
    }

    /**
     * What {@code jnet state export} says, as far as it counts here.
     *
     * @param tables records by table and key
     */
    record Export(Map<String, Map<String, Object>> tables) {
        static final Export NONE = new Export(Map.of());

        Map<String, Object> table(String name) {
            return tables.getOrDefault(name, Map.of());
        }
    }
}
