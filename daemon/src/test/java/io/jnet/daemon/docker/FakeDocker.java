package io.jnet.daemon.docker;

import io.javalin.config.RoutesConfig;
import io.jnet.daemon.http.ServerLimits;
import io.jnet.daemon.http.UnixHttpServer;
import io.jnet.daemon.socket.PeerPolicy;
import io.jnet.daemon.socket.SocketFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Something that answers where Docker's socket is. */
public final class FakeDocker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnixHttpServer server;

    private FakeDocker(UnixHttpServer server) {
        this.server = server;
    }

    /** Starts one with a socket in this folder. */
    public static FakeDocker start(Path folder, Consumer<RoutesConfig> routes) throws IOException {
        SocketFile file = SocketFile.at(folder.resolve("d.sock"));
        file.prepare();
        PeerPolicy owner = PeerPolicy.of((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        UnixHttpServer server = UnixHttpServer.bind(file, new ServerLimits(2, PATIENCE, PATIENCE, 0, owner), routes);
        server.publish();
        return new FakeDocker(server);
    }

    /** The environment of a command that is to ask it. */
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", "unix://" + server.path());
    }

    @Override
    public void close() {
        server.close();
    }
}
