package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
    private static final String NETWORK =
            """
            {"Id": "abab", "Name": "shop", "Driver": "bridge", "Options": {}, "IPAM": {"Driver": "default", "Config": []}}
            """;

    @TempDir
    private Path folder;

    @Test
    void theHeaderSaysWhatWasAskedFor() throws IOException {
        SocketFile file = SocketFile.at(folder.resolve("d.sock"));
        file.prepare();
        PeerPolicy owner = PeerPolicy.of((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        try (UnixHttpServer docker = UnixHttpServer.bind(
                file, new ServerLimits(2, Duration.ofSeconds(30), Duration.ofSeconds(30), 0, owner), routes -> {
                    routes.get("/networks", context -> context.result("[" + NETWORK + "]"));
                    routes.get("/networks/{name}", context -> context.result(NETWORK));
                    routes.get("/containers/json", context -> context.result("[]"));
                })) {
            docker.publish();
            assertThat(header(docker, "migrate", "--driver", "jnet")).endsWith(": jnet migrate --driver jnet | sh -ex");
            assertThat(header(docker, "migrate", "shop", "my $shop", "--driver", "jnet:latest"))
                    .endsWith(": jnet migrate --driver jnet:latest shop 'my $shop' | sh -ex");
        }
    }

    private static String header(UnixHttpServer docker, String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        CommandContext context =
                new CommandContext(writer, writer, Map.of("DOCKER_HOST", "unix://" + docker.path()), () -> {});
        assertThat(Commands.run(context, (directory, settings, deployment) -> null, arguments))
                .isZero();
        return out.toString().lines().findFirst().orElseThrow();
    }
}
