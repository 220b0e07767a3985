package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Networks of CNI whose addresses are another plugin's to give, Debian's reference plugins here, or nobody's. */
@SystemTest
class CniAddressesSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    /** Of host-local: a file for each address, in a folder for each network. */
    private static final String DATA = "/run/jnet-test-host-local";

    private static final String PLUGINS = "/usr/lib/cni";
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.0.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": %s,
             "runtimeConfig": {"portMappings": [{"hostPort": %d, "containerPort": 80}]}}
            """;
    private static final String HOST_LOCAL =
            """
            {"type": "host-local", "dataDir": "%s", "routes": [{"dst": "10.99.0.0/16"}],
             "ranges": [[{"subnet": "10.88.0.0/24", "rangeStart": "10.88.0.10", "rangeEnd": "10.88.0.12"}],
                        [{"subnet": "fd00:88::/64"}]]}""";

    private final List<String> namespaces = new ArrayList<>();

    @AfterEach
    void removeNamespaces() {
        if (!LAB.jnet().isAlive()) {
            LAB.jnet().startAgain();
        }
        namespaces.forEach(name -> {
            call("DEL", name, "{}", 1).run(host());
            host().run("ip", "netns", "delete", name);
        });
        LAB.jnet().run("network", "rm", "web");
        host().run("rm", "-r", DATA);
    }

    @Test
    void anotherPluginGivesTheAddresses() {
        JsonNode result = add("c1", hostLocal(), 8088).result();
        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.88.0.10/24");
        assertThat(result.at("/ips/0/gateway").asString()).isEqualTo("10.88.0.1");
        assertThat(result.at("/ips/1/address").asString()).startsWith("fd00:88::");
        assertThat(inside("c1", "ip", "-4", "route").text())
                .contains("default via 10.88.0.1", "10.99.0.0/16 via 10.88.0.1");
        assertThat(given()).as("what host-local has written").contains("10.88.0.10", "fd00:88::2");
        add("c2", hostLocal(), 8089).result();
        assertThat(inside("c2", "ping", "-c", "1", "-W", "2", "10.88.0.10").succeeded())
                .isTrue();

        call("CHECK", "c1", hostLocal(), 8088).withPrevious(result).run(host()).succeeded();
        call("DEL", "c1", hostLocal(), 8088).run(host()).succeeded();
        call("DEL", "c1", hostLocal(), 8088).run(host()).succeeded();
        assertThat(given()).doesNotContain("10.88.0.10").contains("10.88.0.11");
        call("DEL", "c2", hostLocal(), 8089).withoutNamespace().run(host()).succeeded();
        assertThat(given()).doesNotContain("10.88.0.1");
    }

    @Test
    void anAddressOfAFailedAddIsGivenBack() {
        add("c1", hostLocal(), 8088).result();
        assertThat(add("c2", hostLocal(), 8088).error(100)).contains("8088");
        assertThat(given()).contains("10.88.0.10").doesNotContain("10.88.0.11");
        assertThat(add("c1", hostLocal(), 8090).error(100)).contains("already");
        assertThat(given()).as("of the container that is there").contains("10.88.0.10");
        call("DEL", "c1", hostLocal(), 8088).run(host()).succeeded();
    }

    @Test
    void whatTheOtherPluginRefusesIsRefused() {
        assertThat(add("c1", hostLocal().replace("10.88.0.0/24", "10.88.0.0/32"), 8088)
                        .command()
                        .output())
                .contains("too small");
        assertThat(call("ADD", "c1", "{\"type\": \"no-such\"}", 8088)
                        .run(host())
                        .error(7))
                .contains("no plugin for ipam.type no-such");
        assertThat(call("ADD", "c1", "{\"type\": \"../jnet\"}", 8088)
                        .run(host())
                        .error(7))
                .contains("ipam.type");
        assertThat(LAB.jnet().json("network", "ls").size()).isZero();
    }

    @Test
    void withoutADaemonTheOtherPluginIsAskedAsWell() {
        add("c1", hostLocal(), 8088).result();
        LAB.jnet().kill();
        assertThat(add("c2", hostLocal(), 8089).result().at("/ips/0/address").asString())
                .isEqualTo("10.88.0.11/24");
        assertThat(inside("c2", "ping", "-c", "1", "-W", "2", "10.88.0.10").succeeded())
                .isTrue();
        call("DEL", "c2", hostLocal(), 8089).run(host()).succeeded();
        call("DEL", "c1", hostLocal(), 8088).run(host()).succeeded();
        assertThat(given()).doesNotContain("10.88.0.1");
    }

    /** Nobody answers any more once the other plugin has given an address. */
    @Test
    void anAddressOfAnAddThatIsNotAnsweredIsGivenBack() {
        add("c1", hostLocal(), 8088).result();
        String pid = LAB.jnet().json("status").get("pid").asString();
        host().shell("mkdir -p " + DATA + "/bin; printf '#!/bin/sh\\n[ $CNI_COMMAND = ADD ] && kill -9 " + pid
                + "\\nexec " + PLUGINS + "/host-local\\n' >" + DATA + "/bin/host-local; chmod +x " + DATA
                + "/bin/host-local");
        namespace("c2");
        assertThat(call("ADD", "c2", hostLocal(), 8089)
                        .with("CNI_PATH", DATA + "/bin")
                        .with("JNET_HOME", "/nonexistent")
                        .run(host())
                        .error(11))
                .contains("does not answer");
        assertThat(given()).contains("10.88.0.10").doesNotContain("10.88.0.11");
    }

    /** It would take itself for the command that answers where no daemon does. */
    @Test
    void aCopyThatIsNoPartOfADistributionSaysSo() {
        LAB.jnet().kill();
        host().shell("mkdir -p " + DATA);
        host().run("cp", JnetDaemon.distribution().resolve("bin/jnet-cni").toString(), DATA + "/jnet")
                .orThrow();
        assertThat(call("DEL", "c1", "{}", 8088).run(host(), DATA + "/jnet").error(11))
                .contains("JNET_HOME does not name the distribution");
    }

    @Test
    void oneNetworkHasOneGiver() {
        add("c1", hostLocal(), 8088).result();
        assertThat(add("c2", "{\"type\": \"jnet\"}", 8089).error(7)).contains("another plugin");
        assertThat(add("c3", "{}", 8089).error(7)).contains("ipam {} contradicts", "10.88.0.0/24");
        String elsewhere =
                "{\"type\": \"static\", \"addresses\": [{\"address\": \"10.89.0.7/24\", \"gateway\": \"10.89.0.1\"}]}";
        assertThat(add("c4", elsewhere, 8089).error(7)).contains("10.89.0.7/24", "10.88.0.0/24");
        call("DEL", "c1", hostLocal(), 8088).run(host()).succeeded();
        LAB.jnet().run("network", "rm", "web").orThrow();
        assertThat(add("c5", elsewhere, 8089).result().at("/ips/0/address").asString())
                .isEqualTo("10.89.0.7/24");
    }

    /** The host has no part in it: what containers on it call themselves is theirs, and they reach each other only. */
    @Test
    void aNetworkWithoutAddressesConnectsItsContainers() {
        JsonNode result =
                CniCall.of("ADD", namespace("c1"), layerTwo()).run(host()).result();
        assertThat(result.path("ips").size()).isZero();
        CniCall.of("ADD", namespace("c2"), layerTwo()).run(host()).result();
        inside("c1", "ip", "address", "add", "192.0.2.1/24", "dev", "eth0").orThrow();
        inside("c2", "ip", "address", "add", "192.0.2.2/24", "dev", "eth0").orThrow();
        for (int filtered = 0; filtered <= 1; filtered++) {
            host().run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + filtered);
            assertThat(inside("c1", "ping", "-c", "1", "-W", "2", "192.0.2.2").succeeded())
                    .as("bridge-nf-call-iptables=" + filtered)
                    .isTrue();
        }
        String bridge = result.at("/interfaces/0/name").asString();
        host().run("ip", "address", "add", "192.0.2.254/24", "dev", bridge).orThrow();
        assertThat(inside("c1", "ping", "-c", "1", "-W", "1", "192.0.2.254").succeeded())
                .as("the host, which takes nothing from the network")
                .isFalse();
        LAB.jnet().kill();
        LAB.jnet().startAgain();
        assertThat(inside("c1", "ping", "-c", "1", "-W", "2", "192.0.2.2").succeeded())
                .isTrue();
    }

    private static String layerTwo() {
        return "{\"cniVersion\": \"1.0.0\", \"name\": \"web\", \"type\": \"jnet\", \"ipam\": {}}";
    }

    private String namespace(String container) {
        if (!namespaces.contains(container)) {
            host().run("ip", "netns", "add", container).orThrow();
            namespaces.add(container);
        }
        return container;
    }

    private CniCall.Answer add(String container, String ipam, int port) {
        namespace(container);
        return call("ADD", container, ipam, port).run(host());
    }

    private static CniCall call(String command, String container, String ipam, int port) {
        return CniCall.of(command, container, CONFIGURATION.formatted(ipam, port))
                .with("CNI_PATH", "/no-such-folder:" + PLUGINS);
    }

    private static String hostLocal() {
        return HOST_LOCAL.formatted(DATA);
    }

    /** The names of the files are the addresses. */
    private static String given() {
        return host().shell("ls " + DATA + "/web");
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
