package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.docker.FakeDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
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
        try (FakeDocker docker = FakeDocker.start(folder, routes -> {
            routes.get("/networks", context -> context.result("[" + NETWORK + "]"));
            routes.get("/networks/{name}", context -> context.result(NETWORK));
            routes.get("/containers/json", context -> context.result("[]"));
        })) {
            assertThat(header(docker, "migrate", "--driver", "jnet")).endsWith(": jnet migrate --driver jnet | sh -ex");
            assertThat(header(docker, "migrate", "shop", "my $shop", "--driver", "jnet:latest"))
                    .endsWith(": jnet migrate --driver jnet:latest shop 'my $shop' | sh -ex");
        }
    }

    private static String header(FakeDocker docker, String... arguments) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        CommandContext context = new CommandContext(writer, writer, docker.environment(), () -> {});
        assertThat(Commands.run(context, (directory, settings, deployment) -> null, arguments))
                .isZero();
        return out.toString().lines().findFirst().orElseThrow();
    }
}
