package io.jnet.daemon.migrate;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.client.ControlClient;
import io.jnet.daemon.docker.DockerClient;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What Docker calls jnet's driver: a managed plugin by the plugin's own name, else as its socket is called. */
public final class DriverName {
    private static final String SERVICE = "jnet";
    /** What a managed plugin of jnet's runs, whatever it is called: {@code plugin-config.json}. */
    private static final String MAIN = "io.jnet.daemon.Main";

    private final DockerClient docker;
    private final Path socket;

    /** @param socket where Docker looks for a driver called {@code jnet} */
    public DriverName(DockerClient docker, Path socket) {
        this.docker = docker;
        this.socket = socket;
    }

    /**
     * The driver that a network can be made with now.
     *
     * @throws ClientException when there is none, or Docker does not answer
     */
    public String find() {
        return managed()
                .or(this::service)
                .orElseThrow(
                        () -> ClientException.of("there is no jnet to migrate to: no managed plugin of it is enabled,"
                                + " and nobody answers on " + socket + "; start it, or name the driver with --driver"));
    }

    private Optional<String> managed() {
        for (JsonNode plugin : docker.get("plugins")) {
            if (plugin.path("Enabled").asBoolean(false)
                    && contains(plugin.path("Config").path("Entrypoint"), MAIN)) {
                return Optional.of(plugin.path("Name").asString(""));
            }
        }
        return Optional.empty();
    }

    private Optional<String> service() {
        try {
            return Optional.of(SERVICE).filter(name -> new ControlClient(socket).isThere());
        } catch (ClientException forbidden) {
            // Who may ask Docker and not jnet: Docker names the drivers that it has networks of.
            if (contains(docker.get("info").path("Plugins").path("Network"), SERVICE)) {
                return Optional.of(SERVICE);
            }
            throw forbidden;
        }
    }

    private static boolean contains(JsonNode list, String text) {
        return list.valueStream().anyMatch(element -> element.asString("").equals(text));
    }
}
