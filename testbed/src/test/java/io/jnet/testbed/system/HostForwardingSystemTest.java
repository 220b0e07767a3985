package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.DockerEngine;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import io.jnet.testbed.machine.Questions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A host that did not forward forwards for jnet's networks and for nothing else, and Docker finds it as it would without jnet. */
@SystemTest
class HostForwardingSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PUBLISHED = 8080;
    private static final int DOCKERS = 8081;
    private static final List<String> NO_FORWARDING = List.of("--ip-forward=false");

    /** Long enough for a router that is kept waiting for a processor. */
    private static final Duration LIFETIME = Duration.ofSeconds(8);
    /** An advertisement with a hop limit of 64 and the router lifetime, and nothing else (RFC 4861, 4.2); the kernel adds the checksum. */
    private static final String ADVERTISE =
            "while sleep 0.3; do printf '\\206\\000\\000\\000\\100\\000\\000\\%03o\\000\\000\\000\\000\\000\\000\\000\\000'"
                            .formatted(LIFETIME.toSeconds())
                    + " | socat -u - 'IP6-SENDTO:[ff02::1%eth0]:58,setsockopt-int=41:18:255'; done";

    /** What a host without jnet has as soon as dockerd runs. */
    private static String policyWithoutJnet;

    private static Lab control;

    @BeforeAll
    static void startDockerWithoutJnet() {
        control = Lab.open();
        DockerEngine.start(control.host(), List.of());
        policyWithoutJnet = policy(control.host());
        assertThat(policyWithoutJnet).contains("-P FORWARD DROP", "net.ipv4.ip_forward = 1");
    }

    @AfterAll
    static void closeControl() {
        control.close();
    }

    /** What decides on foreign packets: the policies, and the switches. */
    private static String policy(Machine machine) {
        return machine.shell("iptables -S FORWARD | grep -e -P; ip6tables -S FORWARD | grep -e -P;"
                + " sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv4.conf.default.forwarding"
                + " net.ipv6.conf.default.forwarding net.ipv4.conf.all.accept_redirects net.ipv4.conf.eth0.forwarding");
    }

    /** The comparison can fail: a host that forwarded before is what dockerd would have met after an `ip_forward=1` of jnet. */
    @Test
    void aHostThatForwardedBeforeDockerHasAnotherPolicy() {
        try (Lab lab = Lab.open()) {
            lab.host().shell("sysctl -q -w net.ipv4.ip_forward=1");
            DockerEngine.start(lab.host(), List.of());

            assertThat(policy(lab.host())).contains("-P FORWARD ACCEPT").isNotEqualTo(policyWithoutJnet);
        }
    }

    @Test
    void dockerBeforeJnetAndBothAfterAReboot() {
        try (Lab lab = Lab.open()) {
            DockerEngine docker = DockerEngine.start(lab.host(), List.of());
            JnetDaemon jnet = JnetDaemon.start(lab.host());
            docker.docker("network", "create", "--driver", "jnet", "web").orThrow();
            Container server = docker.serve(
                            List.of("--network", "web", "--restart", "always", "--publish", PUBLISHED + ":80"),
                            Servers.tellPeer(80))
                    .listeningOn(80);
            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
            assertThat(jnet.run("status").orThrow().output())
                    .as("forwarding was on already")
                    .doesNotContain("changed:");
            assertThat(Probe.on(lab.outside()).reaches(Lab.HOST_ADDRESS, PUBLISHED))
                    .isTrue();

            docker.kill();
            lab.host().reboot();
            jnet.startAgain();
            docker.startAgain();

            Probe outside = Probe.on(lab.outside());
            Eventually.holds("the container is back", PATIENCE, () -> outside.reaches(Lab.HOST_ADDRESS, PUBLISHED));
            assertThat(Probe.in(server).pings(Lab.OUTSIDE2_ADDRESS)).isTrue();
            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
            assertUplinksApart(lab);
        }
    }

    @Test
    void dockerAfterContainersOfJnet() {
        try (Lab lab = Lab.open()) {
            JnetDaemon jnet = JnetDaemon.start(lab.host());
            PluginContainer container = startServer(lab, jnet);
            assertReaches(lab, container);
            assertUplinksApart(lab);

            DockerEngine docker = DockerEngine.start(lab.host(), List.of());

            Eventually.holds(
                    "jnet has left IPv4 forwarding to dockerd",
                    PATIENCE,
                    () -> !jnet.run("status").orThrow().output().contains("net.ipv4."));
            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
            assertReaches(lab, container);
            assertDockersOwnWork(lab, docker);
            assertUplinksApart(lab);

            docker.removeEverything();
            container.remove();
            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
        }
    }

    @Test
    void dockerAfterContainersOfJnetWhoseDaemonWasKilled() {
        try (Lab lab = Lab.open()) {
            JnetDaemon jnet = JnetDaemon.start(lab.host());
            PluginContainer container = startServer(lab, jnet);
            jnet.kill();
            assertReaches(lab, container);
            assertUplinksApart(lab);

            DockerEngine docker = DockerEngine.start(lab.host(), List.of());

            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
            assertDockersOwnWork(lab, docker);
            assertUplinksApart(lab);

            jnet.startAgain();

            assertThat(jnet.run("status").orThrow().output()).doesNotContain("net.ipv4.");
            assertReaches(lab, container);
            assertDockersOwnWork(lab, docker);
            assertUplinksApart(lab);
            assertThat(policy(lab.host())).isEqualTo(policyWithoutJnet);
        }
    }

    /** Here nobody but jnet wants the host to forward: all the time, and with or without its daemon, uplinks are apart. */
    @Test
    void betweenUplinksNothingPassesAndEverythingIsPutBack() {
        try (Lab lab = Lab.open()) {
            Machine host = lab.host();
            DockerEngine docker = DockerEngine.start(host, NO_FORWARDING);
            HostDump before = HostDump.of(host).without("files", "sockets");
            JnetDaemon jnet = JnetDaemon.start(host);
            assertThat(before.difference(HostDump.of(host).without("files", "sockets")))
                    .as("installed and started")
                    .isEmpty();

            docker.docker(
                            "network",
                            "create",
                            "--driver",
                            "jnet",
                            "--ipv6",
                            "--subnet",
                            "10.90.1.0/24",
                            "--subnet",
                            "fd00:90:1::/64",
                            "web")
                    .orThrow();
            Container server = docker.serve(
                            List.of("--network", "web", "--publish", PUBLISHED + ":80"),
                            Servers.tellPeer(80),
                            Servers.tellPeer6(80))
                    .listeningOn(80, 80);
            assertShown(host, jnet);
            assertThat(policy(host)).contains("-P FORWARD ACCEPT", "net.ipv4.ip_forward = 0");
            assertReaches(lab, Probe.in(server));
            assertUplinksApart(lab);

            host.shell("nft flush chain inet jnet not_ours4; nft flush chain inet jnet not_ours6");
            assertThat(betweenUplinks(lab)).as("without the guard").isEqualTo("yes yes yes yes");

            jnet.kill();
            jnet.startAgain();
            assertUplinksApart(lab);
            assertReaches(lab, Probe.in(server));
            jnet.kill();
            assertUplinksApart(lab);
            assertReaches(lab, Probe.in(server));
            jnet.startAgain();

            docker.removeEverything();
            assertThat(Eventually.settled(
                            PATIENCE,
                            () -> before.difference(HostDump.of(host).without("files", "sockets")),
                            String::isEmpty))
                    .as("with the last network")
                    .isEmpty();
            assertThat(jnet.json("status").get("hostChanges")).isEmpty();
        }
    }

    /** RFC 4861, 6.3.4: a host that hears no more of its router forgets the route when the lifetime is over. */
    @Test
    void theRouteFromRouterAdvertisementsOutlivesTwoLifetimes() throws InterruptedException {
        try (Lab lab = Lab.open()) {
            Machine host = lab.host();
            host.shell("ip -6 route delete default");
            assertThat(hasRoute(host)).isFalse();
            lab.outside().start("sh", "-c", ADVERTISE);
            Eventually.holds("a route from the router", PATIENCE, () -> hasRoute(host));
            JnetDaemon jnet = JnetDaemon.start(host);
            PluginContainer container = startServer(lab, jnet);

            for (long end = System.nanoTime() + 2 * LIFETIME.toNanos(); System.nanoTime() < end; ) {
                assertThat(hasRoute(host)).isTrue();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertReaches(lab, container);

            host.shell("sysctl -q -w net.ipv6.conf.all.forwarding=1");
            Eventually.holds("a host that forwards has lost it", PATIENCE, () -> !hasRoute(host));
        }
    }

    private static boolean hasRoute(Machine host) {
        return host.run("ip", "-6", "route", "get", Lab.FAR_ADDRESS_6).succeeded();
    }

    /** Everything that `jnet status` lists is so, in both of its forms, and was what it says before. */
    private static void assertShown(Machine host, JnetDaemon jnet) {
        JsonNode changes = jnet.json("status").get("hostChanges");
        String table = jnet.run("status").orThrow().output();
        assertThat(changes.size()).isGreaterThanOrEqualTo(6);
        for (JsonNode change : changes) {
            String setting = change.get("setting").asString();
            String now = change.get("now").asString();
            String was = change.get("before").asString();
            assertThat(host.shell("sysctl -n " + setting).strip()).as(setting).isEqualTo(now);
            assertThat(was).as(setting).isEqualTo("0");
            assertThat(table).contains(setting + ": was " + was + ", is " + now);
        }
        assertThat(changes.toString())
                .contains("net.ipv4.conf.eth0.forwarding", "net.ipv4.conf.eth1.forwarding", "net.ipv6.conf.");
    }

    private static PluginContainer startServer(Lab lab, JnetDaemon jnet) {
        PluginContainer container = PluginContainer.start(lab.host(), jnet);
        container.serve(Servers.tellPeer(80));
        container.serve(Servers.tellPeer6(80));
        container.publish(PUBLISHED, 80);
        Eventually.holds(
                "the server listens",
                PATIENCE,
                () -> container.execute(List.of("ss", "-lntH")).lines().size() == 2);
        return container;
    }

    /** Out by both uplinks, and in by the published port. */
    private static void assertReaches(Lab lab, Probe container) {
        for (String address :
                List.of(Lab.OUTSIDE_ADDRESS, Lab.OUTSIDE2_ADDRESS, Lab.OUTSIDE_ADDRESS_6, Lab.OUTSIDE2_ADDRESS_6)) {
            assertThat(container.pings(address)).as("to " + address).isTrue();
        }
        assertThat(Probe.on(lab.outside()).tcp(Lab.HOST_ADDRESS, PUBLISHED)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
        assertThat(Probe.on(lab.outside2()).reaches("[" + Lab.HOST_SECOND_ADDRESS_6 + "]", PUBLISHED))
                .isTrue();
    }

    /** A container on Docker's own bridge reaches the outside, and is reached from there. */
    private static void assertDockersOwnWork(Lab lab, DockerEngine docker) {
        docker.removeEverything();
        Container own = docker.serve(List.of("--publish", DOCKERS + ":80"), Servers.tellPeer(80))
                .listeningOn(80);
        assertThat(Probe.in(own).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
        assertThat(Probe.on(lab.outside()).tcp(Lab.HOST_ADDRESS, DOCKERS)).startsWith(Lab.OUTSIDE_ADDRESS + " ");
    }

    private static void assertUplinksApart(Lab lab) {
        assertThat(betweenUplinks(lab)).isEqualTo("no no no no");
    }

    /** IPv4 and IPv6, there and back. */
    private static String betweenUplinks(Lab lab) {
        lab.outside().shell("ip route replace 203.0.113.0/24 via " + Lab.HOST_ADDRESS);
        lab.outside().shell("ip -6 route replace 2001:db8:1::/64 via " + Lab.HOST_ADDRESS_6);
        lab.outside2().shell("ip route replace 198.51.100.0/24 via " + Lab.HOST_SECOND_ADDRESS);
        lab.outside2().shell("ip -6 route replace 2001:db8::/64 via " + Lab.HOST_SECOND_ADDRESS_6);
        try (Questions questions = new Questions()) {
            List<Supplier<Boolean>> answers = List.of(
                    questions.ask(() -> Probe.on(lab.outside()).pings(Lab.OUTSIDE2_ADDRESS)),
                    questions.ask(() -> Probe.on(lab.outside2()).pings(Lab.OUTSIDE_ADDRESS)),
                    questions.ask(() -> Probe.on(lab.outside()).pings(Lab.OUTSIDE2_ADDRESS_6)),
                    questions.ask(() -> Probe.on(lab.outside2()).pings(Lab.OUTSIDE_ADDRESS_6)));
            return answers.stream().map(answer -> answer.get() ? "yes" : "no").collect(Collectors.joining(" "));
        }
    }
}
