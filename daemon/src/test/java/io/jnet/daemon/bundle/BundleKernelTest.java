package io.jnet.daemon.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.command.CommandContext;
import io.jnet.daemon.livinghost.LivingHost;
import io.jnet.daemon.prune.Pause;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jnet debug bundle} on a host with a working jnet. */
@KernelTest
class BundleKernelTest {
    private static final String SECRET = "s3cr3t-of-the-owner";
    private static final String WEB =
            "\"isDefaultGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.77.0.0/24\"}]]}";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private LivingHost host;
    private Path file;

    @BeforeEach
    void start() {
        host = LivingHost.start(folder);
        host.attach("web", WEB, "c1", "{\"hostPort\": 8080, \"containerPort\": 80, \"protocol\": \"tcp\"}");
        Commands.run("ip", "link", "set", "up0", "alias", SECRET);
        file = folder.resolve("b.tar.gz");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void hasWhatHelpsAndNoSecret() throws IOException {
        Path log = folder.resolve("log");
        Files.write(
                log, IntStream.range(0, 1500).mapToObj(line -> "line " + line).toList());
        assertThat(run("--output", file.toString(), "--log", log.toString())).isZero();
        assertThat(out.toString().strip()).isEqualTo(file.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        assertThat(Commands.run("tar", "tzvf", file.toString()).lines())
                .allMatch(line -> line.startsWith("-rw------- root/root"))
                .extracting(line -> line.substring(line.lastIndexOf('/') + 1))
                .containsExactly(
                        "README.txt",
                        "versions.txt",
                        "status.json",
                        "networks.json",
                        "endpoints.json",
                        "ports.json",
                        "pools.json",
                        "doctor.json",
                        "ruleset.txt",
                        "links.txt",
                        "addresses.txt",
                        "routes.txt",
                        "neighbours.txt",
                        "settings.txt",
                        "log.txt");
        assertThat(part("versions.txt")).contains("jnet ", "Java ", "Linux ");
        assertThat(part("networks.json")).contains("\"name\":\"web\"");
        assertThat(part("ports.json")).contains("\"hostPort\":8080", "\"connections\":");
        assertThat(part("doctor.json")).startsWith("{\"healthy\":true,\"findings\":[");
        assertThat(part("pools.json")).contains("10.77.0.0/24");
        assertThat(part("ruleset.txt")).contains("table inet jnet", "# handle");
        assertThat(part("links.txt")).contains("up0 mtu 1500 Veth up", "Bridge up carrier", "alias jnet ");
        assertThat(part("addresses.txt")).contains("up0 198.51.100.10/24", "10.77.0.1/24");
        assertThat(part("routes.txt")).contains("default (INET) via 198.51.100.1 dev up0");
        assertThat(part("settings.txt")).contains("net/ipv4/ip_forward = 0", "/conf/up0/rp_filter = ");
        assertThat(part("log.txt")).startsWith("line 500\n").endsWith("line 1499\n");
        assertThat(Commands.run("tar", "xzOf", file.toString()))
                .doesNotContain(SECRET)
                .doesNotContain("cannot be had");
    }

    @Test
    void isWrittenOverNothing() throws IOException {
        Files.writeString(file, "mine");
        assertThat(run("--output", file.toString())).isEqualTo(1);
        assertThat(out.toString()).startsWith("jnet: " + file + " is there: name another file");
        assertThat(Files.readString(file)).isEqualTo("mine");

        Path link = Files.createSymbolicLink(folder.resolve("link.tar.gz"), folder.resolve("nowhere"));
        assertThat(run("--output", link.toString())).isEqualTo(1);
        assertThat(folder.resolve("nowhere")).doesNotExist();

        assertThat(run("--output", file.toString(), "--force")).isZero();
        assertThat(part("README.txt")).contains("Not here: environment variables");
        assertThat(run("--output", folder.resolve("none/b.tar.gz").toString())).isEqualTo(1);
        assertThat(out.toString()).contains("there is no folder");
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("state", "c.sock", "b.tar.gz", "link.tar.gz");
        }
    }

    @Test
    void aLogThatCannotBeHadIsToldBeforeItIsMissed() throws IOException {
        assertThat(run(
                        "--output",
                        file.toString(),
                        "--log",
                        folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(out)
                .hasToString("jnet: cannot read the log " + folder.resolve("none") + ": there is no such file\n");
        assertThat(run("--output", file.toString(), "--log", folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("it is no file, or larger than 8 MB");
        assertThat(file).doesNotExist();
    }

    @Test
    void doesWithoutADaemon() throws IOException {
        host.stopDaemon();
        assertThat(run("--output", file.toString())).isZero();
        assertThat(part("daemon.txt")).startsWith("no daemon answers on ");
        assertThat(part("doctor.json")).contains("daemon-absent");
        assertThat(part("ruleset.txt")).contains("table inet jnet");
        assertThat(Commands.run("tar", "tzf", file.toString())).doesNotContain("status.json");
    }

    private String part(String name) {
        return Commands.run("tar", "xzOf", file.toString(), "jnet-debug/" + name);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("debug", "bundle", "--socket", host.socket().toString()));
        all.addAll(List.of(arguments));
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        CommandContext context = new CommandContext(writer, writer, Map.of("TOKEN", SECRET), Pause.ONE_SECOND);
        return io.jnet.daemon.command.Commands.run(
                context, (state, pools, deployment) -> null, all.toArray(new String[0]));
    }
}
