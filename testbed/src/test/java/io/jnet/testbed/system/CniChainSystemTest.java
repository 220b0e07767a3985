package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.testbed.cni.CniContainer;
import io.jnet.testbed.cni.CniList;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.BackgroundProcess;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists in which the reference plugins {@code tuning} and {@code portmap} come after jnet. */
@SystemTest
class CniChainSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final String PLUGINS = "/run/cni/bin";
    /**
     * Finds {@code portmap} without {@code ip6tables}: the CHECK of version 1.1.1 looks for the rules of IPv4 containers there too, and fails
     * after any plugin.
     */
    private static final String WITHOUT_IP6TABLES = "/run/cni/ipv4";

    private static final String REFERENCE = "/usr/lib/cni";
    private static final int PORT = 80;
    private static final int HOST_PORT = 8088;
    private static final String MAC = "02:11:22:33:44:55";
    private static final String LIST =
            """
            {"cniVersion": "%s", "name": "%s", "plugins": [
              {"type": "jnet", "isDefaultGateway": true, "ipMasq": true, "ipam": {"type": "jnet", "subnet": "10.84.0.0/24"}%s},
              %s]}
            """;
    /** The interface by its name: version 1.1.1 replaces IFNAME on ADD only, and its CHECK looks for an interface of that name. */
    private static final String TUNING =
            """
            {"type": "tuning", "mac": "%s", "mtu": 1400, "sysctl": {"net.ipv4.conf.eth0.arp_filter": "1"}}
            """
                    .formatted(MAC);

    private static final String PORTMAP = "{\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}}";
    private static final CniContainer CONTAINER = CniContainer.named("c1")
            .with("portMappings", List.of(Map.of("hostPort", HOST_PORT, "containerPort", PORT, "protocol", "tcp")));

    private BackgroundProcess server;

    @BeforeAll
    static void install() {
        LAB.jnet()
                .run("cni", "install", "--bin-dir", PLUGINS, "--conf-dir", "/run/cni/net.d", "--network", "unused")
                .orThrow();
        host().shell(
                        """
                mkdir -p %1$s/tools
                ln -s "$(command -v iptables)" %1$s/tools
                printf '#!/bin/sh\nPATH=%1$s/tools exec %2$s/portmap\n' >%1$s/portmap
                chmod +x %1$s/portmap
                """
                                .formatted(WITHOUT_IP6TABLES, REFERENCE));
    }

    @BeforeEach
    void makeContainer() {
        host().shell("ip netns add c1 && ip -n c1 link set lo up");
        server = host().start("ip", "netns", "exec", "c1", "bash", "-c", Servers.tellPeer(PORT));
        Eventually.holds("the server listens", Duration.ofSeconds(30), () -> inside("ss -Hltn")
                .contains(":" + PORT));
    }

    @AfterEach
    void nothingIsLeft() {
        server.kill();
        host().run("ip", "netns", "delete", "c1").orThrow();
        Eventually.holds("no endpoint is left", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        LAB.jnet().run("network", "rm", "chained").orThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.4.0", "1.0.0"})
    void anotherPluginChangesTheInterface(String version) {
        CniList list = list(version, "", TUNING);
        JsonNode result = list.add(CONTAINER);
        assertThat(result.path("cniVersion").asString()).isEqualTo(version);
        assertThat(result.path("interfaces"))
                .anySatisfy(one -> assertThat(one.path("mac").asString()).isEqualTo(MAC));
        assertThat(inside("ip link show eth0")).contains(MAC, "mtu 1400");
        assertThat(inside("sysctl net.ipv4.conf.eth0.arp_filter")).endsWith("= 1");
        list.check(CONTAINER);
        assertThat(Probe.on(host()).pings(address(result)))
                .as("with a MAC address that jnet has not given")
                .isTrue();
        inside("ping -c 1 -W 2 " + Lab.OUTSIDE_ADDRESS);

        inside("ip link set eth0 address 02:00:00:00:00:01");
        assertThat(list.failedCheck(CONTAINER).error(103)).contains(MAC);
        list.delete(CONTAINER);
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        list.delete(CONTAINER.withoutNamespace());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"ingressPolicy\": \"same-bridge\""})
    void anotherPluginPublishesThePort(String policy) {
        CniList list = list("1.0.0", policy, PORTMAP);
        String address = address(list.add(CONTAINER));
        list.check(CONTAINER);
        assertThat(LAB.jnet().json("ports")).as("of jnet's").isEmpty();
        assertThat(Probe.on(LAB.lab().outside()).tcp(Lab.HOST_ADDRESS, HOST_PORT))
                .as("what the container saw of its client")
                .contains(Lab.OUTSIDE_ADDRESS);
        assertThat(Probe.on(host()).reaches("127.0.0.1", HOST_PORT)).isTrue();
        assertThat(Probe.on(host()).reaches(Lab.HOST_ADDRESS, HOST_PORT)).isTrue();
        assertThat(host().shell("iptables-save -t nat")).contains("--to-destination " + address + ":" + PORT);

        list.delete(CONTAINER);
        assertThat(host().shell("iptables-save -t nat")).doesNotContain(address);
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isFalse();
        list.delete(CONTAINER);
    }

    /** CHECK and prevResult on DEL are not in the spec yet. */
    @Test
    void listsOfTheFirstSpecWithListsWork() {
        CniList list = list("0.3.1", "", TUNING + "," + PORTMAP);
        String address = address(list.add(CONTAINER));
        assertThat(inside("ip link show eth0")).contains(MAC);
        assertThat(Probe.on(LAB.lab().outside()).reaches(Lab.HOST_ADDRESS, HOST_PORT))
                .isTrue();
        list.delete(CONTAINER);
        assertThat(host().shell("iptables-save -t nat")).doesNotContain(address);
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
    }

    @Test
    void whatALaterPluginRefusesIsTakenBackByDel() {
        CniList list = list(
                "1.0.0", "", "{\"type\": \"tuning\", \"sysctl\": {\"net.ipv4.conf.eth0.nothing\": \"1\"}}," + PORTMAP);
        assertThatThrownBy(() -> list.add(CONTAINER)).hasMessageContaining("nothing");
        assertThat(LAB.jnet().json("endpoint", "ls")).as("made by the first").hasSize(1);
        list.delete(CONTAINER);
        assertThat(LAB.jnet().json("endpoint", "ls")).isEmpty();
        list("1.0.0", "", TUNING).add(CONTAINER);
    }

    private static CniList list(String version, String keys, String plugins) {
        String path = String.join(":", PLUGINS, WITHOUT_IP6TABLES, REFERENCE);
        return new CniList(host(), path, LIST.formatted(version, "chained", keys, plugins));
    }

    private static String inside(String line) {
        return host().shell("ip netns exec c1 " + line).strip();
    }

    private static String address(JsonNode result) {
        return result.at("/ips/0/address").asString().replaceFirst("/.*", "");
    }

    private static Machine host() {
        return LAB.host();
    }
}
