package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniCrowd;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Containers on a bridge of the host's owner, with addresses of a DHCP server there: Debian's plugin {@code dhcp} asks it by the container's
 * interface. The server is busybox', with two addresses to give.
 */
@SystemTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CniDhcpSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    /** Where three wait in vain, for most of a minute, while the tests run on the other one. */
    @RegisterExtension
    static final JnetLab WAITING = new JnetLab();

    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    /** The daemon waits longer than the executable, which waits half a minute. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(60);

    private static final String PLUGINS = "/usr/lib/cni";
    private static final String SERVER = "10.50.0.1";
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.0.0", "name": "lan", "type": "jnet", "bridge": "br0", "adoptBridge": true,
             "ipam": {"type": "dhcp"%s}}
            """;
    /** By this socket nobody answers. */
    private static final String NO_DAEMON = ", \"daemonSocketPath\": \"/run/no-such.sock\"";

    /** A program that runs its arguments, with its own standard input, until the namespace of its name has an interface. */
    private static final String KILLED =
            """
            exec 3<&0
            "$@" <&3 &
            for i in $(seq 300); do
                ip -n $0 link show eth0 >/dev/null 2>&1 && break
                sleep 0.1
            done
            sleep 0.5
            kill -KILL $!
            wait $!
            """;

    private final List<String> namespaces = new ArrayList<>();
    private BackgroundProcess server;
    private BackgroundProcess client;

    @BeforeAll
    static void makeBridges() {
        makeBridge(LAB.host());
        makeBridge(WAITING.host());
        startServerAndClient(WAITING.host());
        letThreeWaitInVain();
    }

    private static void makeBridge(Machine machine) {
        machine.shell(
                """
                ip link add br0 type bridge && ip link set br0 up
                ip netns add server
                ip link add s0 type veth peer name eth0 netns server
                ip link set s0 master br0 up && ip -n server link set eth0 up
                ip -n server address add 10.50.0.1/24 dev eth0
                cat >/run/udhcpd.conf <<'END'
                start 10.50.0.100
                end 10.50.0.101
                interface eth0
                lease_file /run/udhcpd.leases
                pidfile /run/udhcpd.pid
                option subnet 255.255.255.0
                option router 10.50.0.1
                option lease 3600
                END
                """);
    }

    /** The server looks no longer than a tenth of a second whether somebody has the address that it is about to give. */
    private static List<BackgroundProcess> startServerAndClient(Machine machine) {
        machine.shell("rm -f /run/cni/dhcp.sock; : >/run/udhcpd.leases");
        List<BackgroundProcess> both = List.of(
                machine.start(
                        "ip", "netns", "exec", "server", "busybox", "udhcpd", "-f", "-a", "100", "/run/udhcpd.conf"),
                machine.start(PLUGINS + "/dhcp", "daemon"));
        Eventually.holds("the plugin's daemon", AT_ONCE, () -> machine.hasListenerOn("/run/cni/dhcp.sock"));
        return both;
    }

    private static void letThreeWaitInVain() {
        Machine machine = WAITING.host();
        machine.shell("ip link set s0 down; ip netns add c1; ip netns add c2; ip netns add c3");
        Stream.of("c1", "c2", "c3").forEach(CniDhcpSystemTest::kill);
        machine.shell("ip link set s0 up");
        assertThat(WAITING.jnet().json("endpoint", "ls")).hasSize(3);
    }

    /** An addition whose executable is killed while the plugin waits for the server: half a second after the interface is there. */
    private static void kill(String container) {
        CommandResult killed = call("ADD", container)
                .prefixed("bash", "-c", KILLED, container)
                .run(WAITING.host())
                .command();
        assertThat(killed.succeeded()).isFalse();
        assertThat(interfaces(WAITING.host(), container)).contains("eth0");
    }

    /** Both new for each test: they remember leases. */
    @BeforeEach
    void startServerAndClient() {
        List<BackgroundProcess> both = startServerAndClient(host());
        server = both.get(0);
        client = both.get(1);
    }

    @AfterEach
    void removeContainers() {
        if (!LAB.jnet().isAlive()) {
            LAB.jnet().startAgain();
        }
        namespaces.forEach(name -> {
            call("DEL", name).run(host());
            host().run("ip", "netns", "delete", name);
        });
        LAB.jnet().run("network", "rm", "lan");
        server.kill();
        client.kill();
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void containersGetAddressesOfTheServerOnTheirBridge() {
        JsonNode result = add("c1").result();
        assertThat(CniCrowd.address(result)).startsWith("10.50.0.10");
        assertThat(result.at("/ips/0/address").asString()).endsWith("/24");
        assertThat(result.at("/ips/0/gateway").asString()).isEqualTo(SERVER);
        assertThat(result.at("/ips/0/interface").asInt()).isEqualTo(2);
        assertThat(inside("c1", "ip", "route").text()).contains("default via " + SERVER + " dev eth0");
        JsonNode second = add("c2").result();
        assertThat(CniCrowd.address(second)).isNotEqualTo(CniCrowd.address(result));
        assertThat(pings("c1", SERVER)).isTrue();
        assertThat(pings("c1", CniCrowd.address(second))).isTrue();

        CniCall check = call("CHECK", "c1").withPrevious(result);
        check.run(host()).succeeded();
        inside("c1", "ip", "address", "flush", "dev", "eth0").orThrow();
        assertThat(check.run(host()).error(103)).contains(CniCrowd.address(result));
        assertThat(add("c1").error(100)).contains("already");
    }

    /** The third container finds an address because the first has given its own back. */
    @Test
    void aDeletedContainerGivesItsAddressBack() throws InterruptedException {
        String first = CniCrowd.address(add("c1").result());
        add("c2").result();
        call("DEL", "c1").run(host()).succeeded();
        call("DEL", "c1").run(host()).succeeded();
        assertThat(LAB.jnet().json("endpoint", "ls")).hasSize(1);
        // The server does not give an address that was given back in the same second: the plugin would ask again after
        // thirteen.
        TimeUnit.MILLISECONDS.sleep(1100);
        assertThat(CniCrowd.address(add("c3").result())).isEqualTo(first);
        assertThat(client.log()).doesNotContain("failed to release");
    }

    @Test
    void nothingIsLeftWhereThePluginGivesNothing() {
        namespace("c1");
        HostDump before = HostDump.of(host());
        CniCall refused = of("ADD", "c1", NO_DAEMON);
        assertThat(refused.run(host()).error(999)).contains("no-such.sock");
        assertNothingIsLeft(before, "the plugin has no daemon");
        assertThat(refused.with("CNI_PATH", "/no-such-folder").run(host()).error(7))
                .contains("no plugin for ipam.type dhcp");
        assertNothingIsLeft(before, "there is no plugin");
        String ports = CONFIGURATION
                .formatted("")
                .replaceFirst(
                        "}\\s*$",
                        ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}}");
        assertThat(CniCall.of("ADD", "c1", ports)
                        .with("CNI_PATH", PLUGINS)
                        .run(host())
                        .error(2))
                .contains("8080", "no address");
        assertNothingIsLeft(before, "a port is published");
    }

    /** Begun before the other tests. */
    @Test
    @Order(Integer.MAX_VALUE)
    void anInterfaceThatWaitsInVainGoes() {
        Machine machine = WAITING.host();
        call("DEL", "c1").run(machine).succeeded();
        assertThat(interfaces(machine, "c1")).doesNotContain("eth0");
        call("ADD", "c2").run(machine).result();
        assertThat(pings(machine, "c2", SERVER)).isTrue();
        Eventually.holds(
                "the third goes by itself",
                GIVEN_UP,
                () -> WAITING.jnet().json("endpoint", "ls").size() == 1);
        assertThat(interfaces(machine, "c3")).doesNotContain("eth0");
        assertThat(pings(machine, "c2", SERVER)).isTrue();
    }

    @Test
    void withoutADaemonItIsTheSame() {
        LAB.jnet().kill();
        String address = CniCrowd.address(add("c1").result());
        assertThat(address).startsWith("10.50.0.10");
        assertThat(pings("c1", SERVER)).isTrue();
        LAB.jnet().startAgain();
        assertThat(pings("c1", SERVER)).isTrue();
        LAB.jnet().kill();
        call("DEL", "c1").run(host()).succeeded();
        assertThat(interfaces(host(), "c1")).doesNotContain("eth0");
    }

    @Test
    void aBridgeByWhichTheHostIsReachedIsRefused() {
        host().run("ip", "address", "add", "10.50.0.254/24", "dev", "br0").orThrow();
        assertThat(add("c1").error(100)).contains("10.50.0.254", "choose another bridge");
        assertThat(host().run("ip", "netns", "exec", "server", "ping", "-c", "1", "-W", "2", "10.50.0.254")
                        .succeeded())
                .isTrue();
        host().run("ip", "address", "delete", "10.50.0.254/24", "dev", "br0").orThrow();
    }

    private static void assertNothingIsLeft(HostDump before, String when) {
        assertThat(LAB.jnet().json("endpoint", "ls")).as(when).isEmpty();
        assertThat(LAB.jnet().json("network", "ls")).as(when).isEmpty();
        assertThat(interfaces(host(), "c1")).as(when).doesNotContain("eth0");
        assertThat(Eventually.settled(AT_ONCE, () -> before.difference(HostDump.of(host())), String::isEmpty))
                .as(when)
                .isEmpty();
    }

    private CniCall.Answer add(String container) {
        return call("ADD", namespace(container)).run(host());
    }

    private String namespace(String container) {
        if (!namespaces.contains(container)) {
            host().run("ip", "netns", "add", container).orThrow();
            namespaces.add(container);
        }
        return container;
    }

    private static CniCall call(String command, String container) {
        return of(command, container, "");
    }

    private static CniCall of(String command, String container, String more) {
        return CniCall.of(command, container, CONFIGURATION.formatted(more)).with("CNI_PATH", PLUGINS);
    }

    private static boolean pings(String container, String address) {
        return pings(host(), container, address);
    }

    private static boolean pings(Machine machine, String container, String address) {
        return machine.run("ip", "netns", "exec", container, "ping", "-c", "1", "-W", "2", address)
                .succeeded();
    }

    private static String interfaces(Machine machine, String container) {
        return machine.run("ip", "-n", container, "-br", "link").text();
    }

    private static CommandResult inside(String container, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", container));
        all.addAll(List.of(command));
        return host().run(all);
    }

    private static Machine host() {
        return LAB.host();
    }
}
