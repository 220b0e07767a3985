package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.ManagedPlugin;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.load.Load;
import io.jnet.testbed.load.LoadReport;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** jnet as a managed plugin of a real dockerd, from what {@code daemon/managed-plugin} leaves, on a host without a registry. */
@SystemTest
class ManagedPluginSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** dockerd does not enable what does not listen within some nine seconds, and waits half a minute for the answer of what listens. */
    private static final int LONGEST_START_MILLIS = 30_000;

    private static final Pattern START = Pattern.compile("answering .*milliseconds=(\\d+)");
    private static final Path LAUNCHER = JnetDaemon.distribution().resolve("bin/jnet");

    private static Lab lab;
    private static DockerEngine docker;
    private static ManagedPlugin plugin;

    @BeforeAll
    static void install() {
        lab = Lab.open();
        docker = DockerEngine.start(lab.host(), List.of());
        Path folder = lab.folder().resolve("plugin");
        ManagedPlugin.build(folder);
        plugin = ManagedPlugin.of(docker, folder);
        plugin.create();
        plugin.enable().orThrow();
    }

    @AfterAll
    static void close() {
        try {
            if (plugin != null) {
                plugin.close();
            }
        } finally {
            lab.close();
        }
    }

    @AfterEach
    void removeContainers() {
        docker.removeEverything();
    }

    @Test
    void anUpgradeWithoutARegistryTakesNothingFromAContainer() {
        createNetwork();
        Container server =
                serve("--publish", "8080:80", "--publish", "8081:81", "--publish", "8082:82", "--name", "server");
        List<String> inside = List.of("nsenter", "--target", server.pid(), "--net", "--");
        try (BackgroundProcess servers = Load.startServer(lab.host(), inside, 80, 81)) {
            assertThat(servers.isAlive()).isTrue();
            Load load = Load.start(lab.outside(), lab.folder(), Lab.HOST_ADDRESS, 8080, 8081);
            plugin.disable();
            plugin.remove();
            plugin.create();
            plugin.enable().orThrow();
            LoadReport report = load.stop();
            assertThat(report.failed()).as(load.log()).isZero();
            assertThat(report.streamLost()).as(load.log()).isZero();
        }
        docker.docker("stop", "--time", "1", "server").orThrow();
        assertThat(answers(8082)).isFalse();
        assertThat(plugin.ask(LAUNCHER, "ports").orThrow().text()).doesNotContain("8082");
        docker.docker("start", "server").orThrow();
        server.listeningOn(82);
        assertThat(answers(8082)).isTrue();
        assertThat(plugin.askWithin("ports").orThrow().text()).contains("8082");
        assertThat(plugin.ask(LAUNCHER, "ports").orThrow().text()).contains("8082");
    }

    @Test
    void settingsAreTaken() {
        lab.host().shell("mkdir -p /etc/jnet; echo 'publish.policy = from=203.0.113.0/24' >/etc/jnet/jnet.conf");
        plugin.disable();
        plugin.set(
                "configuration.source=/etc/jnet/jnet.conf",
                "options=--ipam-pool 10.99.0.0/16:24 --ipam-exclude 10.99.0.0/24",
                "JNET_LOG_LEVEL=debug",
                "_JAVA_OPTIONS=-Xmx96m");
        plugin.enable().orThrow();
        try {
            docker.docker(
                            "network",
                            "create",
                            "--driver",
                            ManagedPlugin.NAME,
                            "--ipam-driver",
                            ManagedPlugin.NAME,
                            "web")
                    .orThrow();
            assertThat(docker.inspect("web", "{{(index .IPAM.Config 0).Subnet}}"))
                    .isEqualTo("10.99.1.0/24");
            serve("--publish", "8082:82");
            assertThat(answers(8082)).as("not from there").isFalse();
            assertThat(Probe.on(lab.outside2()).reaches(Lab.HOST_SECOND_ADDRESS, 8082))
                    .isTrue();
            assertThat(docker.log()).contains("DEBUG AddressPools", "_JAVA_OPTIONS: -Xmx96m");
        } finally {
            docker.removeEverything();
            plugin.disable();
            plugin.set("configuration.source=/dev/null", "options=", "JNET_LOG_LEVEL=info", "_JAVA_OPTIONS=");
            plugin.enable().orThrow();
        }
    }

    @Test
    void networksOfTheBridgeDriverAreMigratedToIt() {
        docker.docker("network", "create", "plain").orThrow();
        String script = lab.host().run(LAUNCHER.toString(), "migrate").orThrow().output();
        lab.host().run("sh", "-ec", script).orThrow();
        assertThat(docker.inspect("plain", "{{.Driver}}")).isEqualTo(ManagedPlugin.NAME);
    }

    @Test
    void comesBackWithDockerd() {
        createNetwork();
        serve("--publish", "8082:82", "--restart", "always");
        docker.stop();
        assertThat(answers(8082)).isFalse();
        docker.startAgain();
        Eventually.holds("the port answers", PATIENCE, () -> answers(8082));
        docker.kill();
        assertThat(answers(8082)).isTrue();
        docker.startAgain();
        Eventually.holds("the port answers", PATIENCE, () -> answers(8082));
    }

    @Test
    void itAndAServiceDoNotWorkSideBySide() {
        assertThat(lab.host()
                        .run(LAUNCHER.toString(), "daemon", "--state-dir", "/var/lib/jnet-service")
                        .errors())
                .matches(
                        "(?s).*jnet: Docker's managed plugin, process [0-9]+, works in this network namespace: disable it "
                                + "\\(docker plugin disable --force\\), or start .*");
        plugin.disable();
        JnetDaemon service = JnetDaemon.start(lab.host());
        try {
            assertThat(plugin.enable().succeeded()).isFalse();
            String pid = lab.host().shell("pgrep -o -f io.jnet.daemon.Main").strip();
            assertThat(docker.log())
                    .contains("another jnet daemon, process " + pid + ", works in this network namespace: stop it");
        } finally {
            service.stop();
        }
        plugin.enable().orThrow();
    }

    @Test
    void isThereBeforeDockerdGivesUp() {
        plugin.disable();
        plugin.enable().orThrow();
        List<Integer> starts = new ArrayList<>();
        for (MatchResult start : START.matcher(docker.log()).results().toList()) {
            starts.add(Integer.parseInt(start.group(1)));
        }
        assertThat(starts).isNotEmpty().allMatch(millis -> millis < LONGEST_START_MILLIS);
    }

    /** What docs/plugin.md says of each privilege. */
    @Test
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true")
    void eachPrivilegeIsNeeded() {
        plugin.disable();
        plugin.remove();
        try {
            assertThat(failureWithout("\"capabilities\": [\"CAP_NET_ADMIN\"]", "\"capabilities\": []"))
                    .contains("the daemon lacks CAP_NET_ADMIN");
            assertThat(failureWithout("\"destination\": \"/host/proc/sys/net\"", "\"destination\": \"/elsewhere\""))
                    .contains("cannot set net/ipv4/conf/jbr-");
            assertThat(failureWithout("\"type\": \"host\"", "\"type\": \"none\""))
                    .contains("Link not found");
        } finally {
            plugin.create();
            plugin.enable().orThrow();
        }
    }

    /** Some minutes: a Debian is made for it. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @EnabledIfSystemProperty(named = "jnet.long", matches = "true")
    void theDockerfileMakesTheSame() {
        Path folder = lab.folder().resolve("plugin-of-docker");
        ManagedPlugin.buildInDocker(docker, folder);
        ManagedPlugin other = ManagedPlugin.of(docker, folder);
        assertThat(other.files()).isEqualTo(plugin.files());
        plugin.disable();
        plugin.remove();
        other.create();
        other.enable().orThrow();
        createNetwork();
        serve("--publish", "8082:82");
        assertThat(answers(8082)).isTrue();
    }

    /** What a user is told who runs the plugin without something: at its start, with a network, or with a container. */
    private String failureWithout(String privilege, String nothing) {
        String configuration = plugin.configuration();
        assertThat(configuration).contains(privilege);
        ManagedPlugin variant = plugin.withConfiguration(
                lab.folder().resolve("variant-" + Integer.toHexString(privilege.hashCode())),
                configuration.replace(privilege, nothing));
        variant.create();
        int before = docker.log().length();
        if (variant.enable().succeeded()
                && docker.docker("network", "create", "--driver", ManagedPlugin.NAME, "web")
                        .succeeded()) {
            docker.docker(
                    "run", "--detach", "--network", "web", "--publish", "8082:82", "jnet-testbed/tools:1", "true");
        }
        docker.docker("network", "rm", "web");
        variant.remove();
        return docker.log().substring(before);
    }

    private static void createNetwork() {
        docker.docker(
                        "network",
                        "create",
                        "--driver",
                        ManagedPlugin.NAME,
                        "--ipam-driver",
                        ManagedPlugin.NAME,
                        "--subnet",
                        "10.90.1.0/24",
                        "web")
                .orThrow();
    }

    private static Container serve(String... options) {
        List<String> all = new ArrayList<>(List.of("--network", "web"));
        all.addAll(List.of(options));
        return docker.serve(all, Servers.tellPeer(82)).listeningOn(82);
    }

    private static boolean answers(int port) {
        return Probe.on(lab.outside()).reaches(Lab.HOST_ADDRESS, port);
    }
}
