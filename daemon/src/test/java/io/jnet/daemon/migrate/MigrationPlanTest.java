package io.jnet.daemon.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.client.ClientException;
import io.jnet.daemon.docker.DockerClient;
import io.jnet.daemon.docker.FakeDocker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan of what something says that answers as Docker does. */
class MigrationPlanTest {
    private static final String NETWORK =
            """
            {"Id": "%s", "Name": "%s", "Driver": "bridge", "EnableIPv6": false, "Internal": false, "Options": %s,
             "IPAM": {"Driver": "default", "Config": [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1",
                                                       "AuxiliaryAddresses": {"DefaultGatewayIPv4": "172.18.0.9"}}]}}
            """;
    private static final String PLUGIN =
            """
            {"Name": "%s", "Enabled": %s, "Config": {"Entrypoint": ["/bin/java", "%s", "daemon"]}}
            """;

    @TempDir
    private Path folder;

    private String options = "{}";
    private String plugins = "[]";
    private String containers = "[]";
    private String container = "{}";
    private String version = "1.41";
    private FakeDocker docker;

    @BeforeEach
    void start() throws IOException {
        docker = FakeDocker.start(folder, routes -> {
            routes.get("/networks", context -> context.result("[" + network() + "]"));
            routes.get("/networks/{name}", context -> context.result(network()));
            routes.get("/containers/json", context -> context.result(containers));
            routes.get("/containers/{id}/json", context -> context.result(container));
            routes.get("/version", context -> context.result("{\"ApiVersion\": \"" + version + "\"}"));
            routes.get("/plugins", context -> context.result(plugins));
        });
    }

    @AfterEach
    void stop() {
        docker.close();
    }

    @Test
    void theNetworkIsMadeByTheDriverThatIsThere() {
        assertThat(plan("jnet:latest").commands().get(1))
                .startsWith("docker", "network", "create", "--driver", "jnet:latest");
    }

    @Test
    void whatJnetWouldRefuseStaysWithTheReason() {
        options = "{\"com.docker.network.bridge.gateway_mode_ipv4\": \"natted\"}";
        Migration refused = plan("jnet");
        assertThat(refused.commands()).isEmpty();
        assertThat(refused.notes())
                .containsExactly("stays, jnet would refuse it: invalid option"
                        + " com.docker.network.bridge.gateway_mode_ipv4=natted: want nat, nat-unprotected, routed or"
                        + " isolated");
        options = "{\"io.jnet.nonsense\": \"1\"}";
        assertThat(plan("jnet").notes().get(0)).contains("unknown option io.jnet.nonsense");
        options = "{\"com.docker.network.bridge.gateway_mode_ipv4\": \"routed\", \"of.another\": \"1\"}";
        assertThat(plan("jnet").commands()).hasSize(2);
    }

    @Test
    void aMacAddressThatDoesNotComeBackIsNamed() {
        containers = "[{'Id': 'c1'}]".replace('\'', '"');
        container = container("", "02:42:ac:12:00:02");
        assertThat(plan("jnet").notes()).containsExactly("without it from the first command to the last: server");
        container = container("92:d0:c6:0a:29:33", "92:d0:c6:0a:29:33");
        assertThat(plan("jnet").notes()).as("Docker has it for the container").hasSize(1);
        version = "1.44";
        assertThat(plan("jnet").notes())
                .as("Docker shows what it happens to be")
                .hasSize(2);
        container = container("", "92:d0:c6:0a:29:33");
        assertThat(plan("jnet").notes())
                .element(1)
                .isEqualTo("server gets another MAC address than 92:d0:c6:0a:29:33: \"docker network connect\" has no"
                        + " option for one");
    }

    /** Docker reads it as a line of CSV, and would take what follows a comma for another option. */
    @Test
    void anOptionOfAConnectionMayHaveCommas() {
        containers = "[{'Id': 'c1'}]".replace('\'', '"');
        container =
                """
                {"Id": "c1", "Name": "/server", "NetworkSettings": {"Networks": {"shop": {"DriverOpts": {
                  "io.jnet.dns.names": "front,www", "io.jnet.publish.policy": "open"}}}}}
                """;
        assertThat(plan("jnet").commands())
                .filteredOn(command -> command.contains("connect"))
                .singleElement()
                .satisfies(command ->
                        assertThat(command).contains("\"io.jnet.dns.names=front,www\"", "io.jnet.publish.policy=open"));
    }

    @Test
    void aManagedPluginIsKnownByWhatItRunsAndCalledByItsName() {
        plugins = "[" + PLUGIN.formatted("jnet:lookalike", "true", "other.Main") + ","
                + PLUGIN.formatted("jnet:old", "false", "io.jnet.daemon.Main") + ","
                + PLUGIN.formatted("registry.test/net:2", "true", "io.jnet.daemon.Main") + "]";
        assertThat(name(folder.resolve("jnet.sock"))).isEqualTo("registry.test/net:2");
    }

    @Test
    void theServiceIsThereWhenItAnswersAndNotByItsSocketsFile() throws IOException {
        Path socket = folder.resolve("jnet.sock");
        try (ServerSocketChannel jnet =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            assertThat(jnet.isOpen()).isTrue();
            assertThat(name(socket)).isEqualTo("jnet");
        }
        assertThat(socket).exists();
        assertThatThrownBy(() -> name(socket))
                .isInstanceOf(ClientException.class)
                .hasMessage("there is no jnet to migrate to: no managed plugin of it is enabled, and nobody answers on "
                        + socket + "; start it, or name the driver with --driver");
    }

    private static String container(String ofContainer, String ofNetwork) {
        return """
                {"Id": "c1", "Name": "/server", "Config": {"MacAddress": "%s"},
                 "NetworkSettings": {"Networks": {"shop": {"IPAddress": "172.18.0.2", "MacAddress": "%s"}}}}
                """
                .formatted(ofContainer, ofNetwork);
    }

    private String network() {
        return NETWORK.formatted("ab".repeat(32), "shop", options);
    }

    private Migration plan(String driver) {
        return new MigrationPlan(client(), () -> driver).of(List.of("shop")).get(0);
    }

    private String name(Path socket) {
        return new DriverName(client(), socket).find();
    }

    private DockerClient client() {
        return DockerClient.of(docker.environment());
    }
}
