package io.jnet.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.host.Capability;
import io.jnet.daemon.service.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The managed plugin's configuration, by the keys of moby's {@code api/types/plugin.go}. */
final class PluginConfigTest {
    private static final Set<String> KEYS = Set.of(
            "description",
            "documentation",
            "interface",
            "entrypoint",
            "workdir",
            "user",
            "network",
            "mounts",
            "propagatedMount",
            "ipcHost",
            "pidHost",
            "env",
            "args",
            "linux");

    private final JsonNode config = read();

    @Test
    void has_only_keys_that_docker_knows() {
        assertThat(config.propertyNames()).isSubsetOf(KEYS);
        assertThat(config.path("interface").propertyNames()).containsExactlyInAnyOrder("types", "socket");
        assertThat(config.path("linux").propertyNames()).containsExactly("capabilities");
    }

    @Test
    void offers_what_the_driver_implements() {
        assertThat(texts(config.path("interface").path("types")))
                .containsExactly("docker.networkdriver/1.0", "docker.ipamdriver/1.0");
    }

    @Test
    void listens_where_docker_mounts_the_plugin_folder() {
        List<String> entrypoint = texts(config.path("entrypoint"));
        String socket = config.path("interface").path("socket").asString();
        assertThat(socket).doesNotContain("/");
        assertThat(entrypoint.get(entrypoint.indexOf("--plugin-socket") + 1))
                .isEqualTo("/run/docker/plugins/" + socket);
        assertThat(entrypoint).contains("--managed-plugin");
    }

    /** The state outlives the plugin: Docker removes what is in the plugin with it. */
    @Test
    void keeps_its_state_on_the_host() {
        List<String> entrypoint = texts(config.path("entrypoint"));
        assertThat(mount("state").path("destination").asString())
                .isEqualTo(entrypoint.get(entrypoint.indexOf("--state-dir") + 1));
        assertThat(config.has("propagatedMount")).isFalse();
    }

    /** docs/plugin.md says of each what does not work without it. */
    @Test
    void has_no_more_privileges_than_it_needs() {
        assertThat(config.path("network").path("type").asString()).isEqualTo("host");
        assertThat(texts(config.path("linux").path("capabilities"))).containsExactly("CAP_NET_ADMIN");
        assertThat(Deployment.MANAGED_PLUGIN.capabilities()).containsExactly(Capability.CAP_NET_ADMIN);
        assertThat(config.propertyNames()).doesNotContain("pidHost", "ipcHost", "user");
        assertThat(writable()).containsExactly("/proc/sys/net", "/var/lib/jnet");
        assertThat(mount("settings").path("destination").asString())
                .isEqualTo(Deployment.MANAGED_PLUGIN.residence().settings() + "/net");
    }

    /** What is not there cannot be mounted, and Docker would not start the plugin. */
    @Test
    void mounts_nothing_of_which_a_host_may_have_none() {
        assertThat(sources()).containsExactlyInAnyOrder("/proc/sys/net", "/var/lib/jnet", "/dev/null", "/dev/null");
    }

    @Test
    void each_mount_and_variable_is_complete() {
        for (JsonNode mount : config.path("mounts")) {
            assertThat(mount.propertyNames()).contains("name", "source", "destination", "type", "options", "settable");
            assertThat(texts(mount.path("settable"))).isSubsetOf("source");
            assertThat(mount.path("description").asString()).isNotEmpty();
        }
        for (JsonNode variable : config.path("env")) {
            assertThat(variable.propertyNames()).contains("name", "description", "settable");
        }
    }

    private JsonNode mount(String name) {
        return StreamSupport.stream(config.path("mounts").spliterator(), false)
                .filter(mount -> mount.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> sources() {
        return StreamSupport.stream(config.path("mounts").spliterator(), false)
                .map(mount -> mount.path("source").asString())
                .toList();
    }

    private List<String> writable() {
        return StreamSupport.stream(config.path("mounts").spliterator(), false)
                .filter(mount -> texts(mount.path("options")).contains("rw"))
                .map(mount -> mount.path("source").asString())
                .toList();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static JsonNode read() {
        try {
            return new JsonMapper().readTree(Files.readAllBytes(Path.of("../plugin-config.json")));
        } catch (IOException missing) {
            throw new AssertionError("no plugin-config.json at the top of the project", missing);
        }
    }
}
