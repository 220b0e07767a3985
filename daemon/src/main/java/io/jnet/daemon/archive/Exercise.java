package io.jnet.daemon.archive;

import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.command.Commands;
import io.jnet.daemon.service.Backend;
import io.jnet.engine.failure.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a training run does: the calls of dockerd for one container, and each command once. */
final class Exercise {
    private static final int ATTEMPTS = 200;
    private static final long PAUSE_MILLIS = 50;
    private static final int SUCCESS = 0;
    private static final String BOTH = "\"NetworkID\":\"training\",\"EndpointID\":\"training\"";

    /** Paths and bodies, in dockerd's order. */
    private static final List<String[]> CALLS = List.of(
            call("/Plugin.Activate", ""),
            call("/NetworkDriver.GetCapabilities", ""),
            call(
                    "/NetworkDriver.CreateNetwork",
                    "{\"NetworkID\":\"training\",\"Options\":{\"com.docker.network.enable_ipv6\":false,"
                            + "\"com.docker.network.generic\":{\"io.jnet.name\":\"training\"}},"
                            + "\"IPv4Data\":[{\"Gateway\":\"10.77.0.1/24\",\"Pool\":\"10.77.0.0/24\"}],\"IPv6Data\":[]}"),
            call(
                    "/NetworkDriver.CreateEndpoint",
                    "{" + BOTH + ",\"Interface\":{\"Address\":\"10.77.0.2/24\"},\"Options\":{}}"),
            call("/NetworkDriver.Join", "{" + BOTH + ",\"SandboxKey\":\"/training\",\"Options\":{}}"),
            call(
                    "/NetworkDriver.ProgramExternalConnectivity",
                    "{" + BOTH + ",\"Options\":{\"com.docker.network.portmap\":[{\"Proto\":6,\"Port\":80}]}}"),
            call("/NetworkDriver.EndpointOperInfo", "{" + BOTH + "}"));

    private static final List<String[]> LAST_CALLS = List.of(
            call("/NetworkDriver.RevokeExternalConnectivity", "{" + BOTH + "}"),
            call("/NetworkDriver.Leave", "{" + BOTH + "}"),
            call("/NetworkDriver.DeleteEndpoint", "{" + BOTH + "}"),
            call("/NetworkDriver.DeleteNetwork", "{\"NetworkID\":\"training\"}"));

    private final Path folder;
    private final CommandContext context;

    Exercise(Path folder, CommandContext context) {
        this.folder = folder;
        this.context = context;
    }

    String[] daemonArguments() {
        return new String[] {
            "daemon",
            "--plugin-socket",
            pluginSocket().toString(),
            "--socket",
            controlSocket(),
            "--cni-socket",
            folder.resolve("cni.sock").toString(),
            "--state-dir",
            folder.resolve("state").toString()
        };
    }

    /** What a command does when no daemon is there. */
    void withoutDaemon() {
        ask();
    }

    /** Waits for the daemon, does everything once, and ends the process, which stops the daemon. */
    void againstDaemon() {
        try {
            awaitDaemon();
            for (String[] call : CALLS) {
                post(call[0], call[1]);
            }
            ask();
            for (String[] call : LAST_CALLS) {
                post(call[0], call[1]);
            }
        } catch (IOException failed) {
            context.err().println("training: " + failed.getMessage());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        removeFiles();
        System.exit(SUCCESS);
    }

    synchronized void removeFiles() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException kept) {
            throw new UncheckedIOException("cannot remove " + folder, kept);
        }
    }

    private void ask() {
        for (String command : List.of(
                "network ls",
                "network inspect training",
                "endpoint ls",
                "ports",
                "port training",
                "ipam pools",
                "ipam leases",
                "state export",
                "status",
                "status --json",
                "metrics")) {
            String[] arguments = (command + " --socket " + controlSocket()).split(" ", -1);
            Commands.run(context, (path, settings, deployment) -> refuse(), arguments);
        }
    }

    private void awaitDaemon() throws IOException, InterruptedException {
        for (int i = 0; i < ATTEMPTS && !Files.exists(pluginSocket()); i++) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void post(String path, String body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(pluginSocket()));
            // The empty Host and the fields are dockerd's.
            String request =
                    "POST " + path + " HTTP/1.1\r\nHost: \r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: "
                            + body.length() + "\r\nAccept: application/vnd.docker.plugins.v1.2+json\r\n\r\n" + body;
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
        }
    }

    private Path pluginSocket() {
        return folder.resolve("plugins/jnet.sock");
    }

    private String controlSocket() {
        return folder.resolve("control/jnet.sock").toString();
    }

    private static String[] call(String path, String body) {
        return new String[] {path, body};
    }

    private static Backend refuse() {
        throw EngineException.invalid("no daemon in a training run's questions");
    }
}
