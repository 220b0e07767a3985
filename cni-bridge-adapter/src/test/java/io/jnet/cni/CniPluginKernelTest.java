package io.jnet.cni;

import static io.jnet.cni.CniCalls.REMEDY;
import static io.jnet.cni.CniCalls.WEB;
import static io.jnet.cni.CniCalls.environment;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The plugin on the real kernel: a host and a container, each a network namespace. */
@KernelTest
class CniPluginKernelTest {
    @TempDir
    private Path directory;

    private PluginHost jnet;
    private CniCalls cni;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
        cni = new CniCalls(jnet);
    }

    @AfterEach
    void close() {
        jnet.close();
    }

    @Test
    void aContainerIsAttached() {
        JsonNode result = result(cni.call("ADD", "c1", "eth0", ""));

        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.88.0.2/29");
        assertThat(result.at("/ips/1/address").asString()).isEqualTo("fd00:88::2/64");
        // The kernel takes the mark off an address some time later, and asks nobody before.
        jnet.inside.call(() -> {
            Commands.runUntil("inet6 fe80::", "ip", "-6", "address", "show", "dev", "eth0", "-tentative");
            assertThat(Commands.run("sysctl", "-n", "net.ipv6.conf.eth0.accept_dad"))
                    .isEqualTo("0\n");
            assertThat(Commands.run("cat", "/proc/net/dev_snmp6/eth0"))
                    .containsPattern("(?m)^Icmp6OutNeighborSolicits\\s+0$");
            return true;
        });
        String links = jnet.inside.call(() -> Commands.run("ip", "address", "show", "dev", "eth0"));
        assertThat(links)
                .contains("inet 10.88.0.2/29", "inet6 fd00:88::2/64", "state UP")
                .contains(result.at("/interfaces/2/mac").asString())
                .doesNotContain("tentative");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route"))).contains("default via 10.88.0.1 dev eth0");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-6", "route")))
                .contains("default via fd00:88::1 dev eth0");
        assertThat(Commands.run(
                        "ip",
                        "-o",
                        "link",
                        "show",
                        result.at("/interfaces/1/name").asString()))
                .contains(
                        result.at("/interfaces/1/mac").asString(),
                        "master " + result.at("/interfaces/0/name").asString());
        assertThat(jnet.inside.call(() -> Commands.run("ping", "-c", "1", "-W", "2", "10.88.0.1")))
                .contains("1 received");
    }

    @Test
    void aBridgeThatWasThereIsNamedWithItsOwnMacAddress() {
        Commands.run("ip", "link", "add", "theirs", "address", "02:00:00:00:00:77", "type", "bridge");
        JsonNode result = result(cni.call("ADD", "c1", "eth0", ", \"bridge\": \"theirs\", \"adoptBridge\": true"));
        assertThat(result.at("/interfaces/0/name").asString()).isEqualTo("theirs");
        assertThat(result.at("/interfaces/0/mac").asString()).isEqualTo("02:00:00:00:00:77");
        succeeded(cni.call("DEL", "c1", "eth0", ""));
        jnet.plugin.removeNetwork("web");
        Commands.run("ip", "link", "delete", "theirs");
    }

    /** As runtimes make them: its loopback interface was set up before anybody asked for an address of IPv6. */
    @Test
    void anAddressOfIpv6BringsIpv6ToTheLoopbackInterfaceAsWell() {
        jnet.inside.call(() -> {
            Commands.run("ip", "link", "set", "lo", "up");
            Commands.run("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1");
            return Commands.run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
        });
        result(cni.call("ADD", "c1", "eth0", ""));
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-6", "address")))
                .contains("inet6 fd00:88::2/64", "inet6 ::1/128");
    }

    @Test
    void whatWasAddedIsGoneAfterItsDeletion() {
        result(cni.call(
                "ADD",
                "c1",
                "eth0",
                ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}"));
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .contains("10.88.0.2 . 80");

        succeeded(cni.call("DEL", "c1", "eth0", ""));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(cni.leased()).isEmpty();
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .doesNotContain("10.88.0.2");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
        succeeded(cni.call("DEL", "c1", "eth0", ""));
    }

    /** The network lives on with what it was made with: an edited configuration is refused, and STATUS says so before a container has to. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'macspoofchk': true | macspoofchk true contradicts network web, which was made with macspoofchk false",
                "'promiscMode': true | promiscMode true contradicts network web, which was made with promiscMode false",
                "'ipMasq': true | ipMasq true contradicts network web, which was made with ipMasq false",
                "'isGateway': true | isGateway true contradicts network web, which was made with isGateway false",
                "'isDefaultGateway': true | isDefaultGateway true contradicts network web, which was made with isGateway false",
                "'mtu': 1400 | mtu 1400 contradicts network web, which has 1500"
            })
    void whatWasWrittenIntoTheConfigurationSinceIsNotPassedOver(String key, String message) {
        String subnet = "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/29\"}]]}";
        result(cni.callWith("ADD", "c1", "eth0", subnet));

        String edited = subnet + ", " + key.replace('\'', '"');
        assertThat(error(cni.callWith("ADD", "c2", "eth1", edited), 7)
                        .path("msg")
                        .asString())
                .isEqualTo(message + REMEDY);
        assertThat(error(cni.callWith("STATUS", "", "", edited), 50).path("msg").asString())
                .isEqualTo(message + REMEDY);
        result(cni.callWith("ADD", "c2", "eth1", subnet));
        succeeded(cni.callWith("STATUS", "", "", subnet));
    }

    @Test
    void norIsAnotherPartOfTheRangeOrAnotherGateway() {
        String part =
                "\"isGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\", %s}]]}";
        String whole = part.formatted("\"rangeStart\": \"10.88.0.10\", \"rangeEnd\": \"10.88.0.99\"");
        result(cni.callWith("ADD", "c1", "eth0", whole));
        String less = part.formatted("\"rangeStart\": \"10.88.0.10\", \"rangeEnd\": \"10.88.0.49\"");
        assertThat(error(cni.callWith("ADD", "c2", "eth1", less), 7).path("msg").asString())
                .startsWith("range 10.88.0.10-10.88.0.49 of 10.88.0.0/24 contradicts network web, which was made with"
                        + " 10.88.0.10-10.88.0.99: remove it with jnet network rm web");
        String gateway = part.formatted("\"gateway\": \"10.88.0.254\"");
        assertThat(error(cni.callWith("STATUS", "", "", gateway), 50)
                        .path("msg")
                        .asString())
                .startsWith("gateway 10.88.0.254 contradicts network web, which was made with 10.88.0.1");
        result(cni.callWith(
                "ADD", "c2", "eth1", "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\"}]]}"));
    }

    /** A router of its own that a network without a gateway is told of later could be given to a container. */
    @Test
    void norIsAnotherGatewayWhereTheBridgeHasNone() {
        String range = "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\"%s}]]}";
        result(cni.callWith("ADD", "c1", "eth0", range.formatted(", \"gateway\": \"10.88.0.7\"")));
        result(cni.callWith("ADD", "c1", "eth1", range.formatted(", \"gateway\": \"10.88.0.7\"")));
        assertThat(error(cni.callWith("ADD", "c2", "eth2", range.formatted(", \"gateway\": \"10.88.0.254\"")), 7)
                        .path("msg")
                        .asString())
                .startsWith("gateway 10.88.0.254 contradicts network web, which was made with 10.88.0.7");
    }

    @Test
    void theMtuThatANetworkHasAnywayIsNoContradiction() {
        result(cni.call("ADD", "c1", "eth0", ""));
        succeeded(cni.call("STATUS", "", "", ", \"mtu\": 1500"));
    }

    /** Some runtimes use it, and the path of the namespace, at once, and some never delete. */
    @Test
    void anIdIsFreeAsSoonAsItsContainerHasEnded() {
        result(cni.call("ADD", "c1", "eth0", ""));
        jnet.endContainer();
        jnet.startContainer();
        result(cni.call("ADD", "c1", "eth0", ""));
        error(cni.call("ADD", "c1", "eth0", ""), 100);
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(cni.leased()).as("of both families").hasSize(2);

        jnet.inside.call(() -> {
            Commands.run("ip", "link", "set", "eth0", "down");
            return Commands.run("ip", "link", "set", "eth0", "name", "lan0");
        });
        error(cni.call("ADD", "c1", "eth0", ""), 100);
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).contains("lan0");
    }

    @Test
    void anInterfaceThatIsToBeDownIsAsItShouldBe() {
        String down = "\"disableContainerInterface\": true, \"ipam\": {}";
        String previous = result(cni.callWith("ADD", "c1", "eth0", down)).toString();
        succeeded(cni.callWith("CHECK", "c1", "eth0", down + ", \"prevResult\": " + previous));
    }

    @Test
    void nothingIsLeftOfAnAdditionThatFails() {
        error(cni.call("ADD", "c0", "eth0", ", \"runtimeConfig\": {\"ips\": [\"10.99.0.2\"]}"), 7);
        assertThat(jnet.engine.networks()).as("a network that was made for it").isEmpty();
        assertThat(jnet.addresses.pools().pools()).isEmpty();
        result(cni.call("ADD", "c1", "eth0", ""));
        String leases = cni.leased().toString();

        JsonNode taken = error(cni.call("ADD", "c2", "eth0", ""), 100);
        assertThat(taken.path("msg").asString()).isEqualTo("the container has an interface eth0 already");
        error(cni.call("ADD", "c1", "eth0", ""), 100);
        error(cni.call("ADD", "c3", "eth1", ", \"runtimeConfig\": {\"ips\": [\"10.88.0.2\"]}"), 100);
        error(cni.call("ADD", "c3", "eth1", ", \"runtimeConfig\": {\"ips\": [\"10.99.0.2\"]}"), 7);
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(cni.leased()).hasToString(leases);
    }

    @Test
    void anAdditionWhoseResultReachesNobodyIsTakenBack() {
        CniRequest request = new CniRequest(
                environment("ADD", "c1", "eth0"), WEB.formatted("").getBytes(UTF_8), Optional.of(jnet.container));
        CniAnswer nobodyThere = jnet.plugin.answer(request, result -> {
            assertThat(result.status()).isZero();
            throw new KernelException("send to", "a caller", Errno.ECONNABORTED);
        });
        error(nobodyThere, 5);
        assertThat(jnet.engine.networks()).isEmpty();
        assertThat(jnet.addresses.pools().pools()).isEmpty();
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
        result(cni.call("ADD", "c1", "eth0", ""));
    }

    @Test
    void whatAKilledProcessDidNotFinishGoesWhenTheNextOneBegins() {
        result(cni.call("ADD", "c1", "eth0", ""));
        jnet.engine.createEndpoint(new EndpointSpec(
                jnet.engine.networks().get(0).id(),
                new EndpointId("cni-" + "0".repeat(40)),
                List.of(IpPrefix.parse("10.88.0.5/29")),
                Optional.empty(),
                Optional.of("c2"),
                PortHolder.ENGINE));
        assertThat(new CniPlugin(jnet.engine, jnet.addresses.pools()).namespace())
                .isEqualTo(jnet.plugin.namespace());
        assertThat(jnet.engine.endpoints())
                .extracting(endpoint -> endpoint.spec().container())
                .containsExactly(Optional.of("c1"));
    }

    @Test
    void aSecondNetworkOfTheNameMayNotContradictTheFirst() {
        result(cni.call("ADD", "c1", "eth0", ""));
        byte[] other = WEB.formatted("").replace("10.88.0.0/29", "10.99.0.0/24").getBytes(UTF_8);
        JsonNode refused = error(
                jnet.plugin.answer(
                        new CniRequest(environment("ADD", "c2", "eth1"), other, Optional.of(jnet.container))),
                7);
        assertThat(refused.path("msg").asString())
                .contains("10.99.0.0/24", "10.88.0.0/29")
                .endsWith(REMEDY);
        assertThat(error(cni.call("ADD", "c2", "eth1", ", \"mtu\": 1400"), 7)
                        .path("msg")
                        .asString())
                .contains("mtu 1400")
                .endsWith(REMEDY);
    }

    @Test
    void aStricterPolicyIsNotIgnoredByANetworkThatIsThere() {
        result(cni.call("ADD", "c1", "eth0", ""));
        assertThat(error(cni.call("ADD", "c2", "eth1", ", \"ingressPolicy\": \"isolated\""), 7)
                        .path("msg")
                        .asString())
                .contains("jnet network rm web");
    }

    /** Podman and containerd ask for the ports of a container on each of its networks. */
    @Test
    void aContainerOnTwoNetworksPublishesItsPortByOne() {
        String port = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}";
        String other = WEB.formatted(port)
                .replace("\"web\"", "\"blue\"")
                .replace("10.88.0.0/29", "10.99.0.0/24")
                .replace("fd00:88::/64", "fd00:99::/64");
        for (String arguments : List.of("", "K8S_POD_NAME=podman")) {
            Map<String, String> red = environment("ADD", "c1", "eth0");
            Map<String, String> blue = environment("ADD", "c1", "eth1");
            red.put("CNI_ARGS", arguments);
            blue.put("CNI_ARGS", arguments);
            result(jnet.plugin.answer(
                    new CniRequest(red, WEB.formatted(port).getBytes(UTF_8), Optional.of(jnet.container))));
            result(jnet.plugin.answer(new CniRequest(blue, other.getBytes(UTF_8), Optional.of(jnet.container))));
            assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                    .contains("tcp . 8080")
                    .doesNotContain("10.99.0.");
            blue.put("CNI_COMMAND", "DEL");
            red.put("CNI_COMMAND", "DEL");
            succeeded(jnet.plugin.answer(new CniRequest(blue, other.getBytes(UTF_8), Optional.of(jnet.container))));
            succeeded(jnet.plugin.answer(
                    new CniRequest(red, WEB.formatted(port).getBytes(UTF_8), Optional.of(jnet.container))));
        }
    }

    /** nerdctl listens on what it publishes before it calls. */
    @Test
    void aPortThatTheRuntimeHasBoundIsPublished() throws IOException {
        try (ServerSocket bound = new ServerSocket()) {
            bound.bind(new InetSocketAddress("0.0.0.0", 8080));
            String port = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}";
            assertThat(error(cni.call("ADD", "c1", "eth0", port), 100)
                            .path("msg")
                            .asString())
                    .contains("8080");
            Map<String, String> nerdctl = environment("ADD", "c1", "eth0");
            nerdctl.put("CNI_ARGS", "NERDCTL_CNI_DHCP_HOSTNAME=");
            result(jnet.plugin.answer(
                    new CniRequest(nerdctl, WEB.formatted(port).getBytes(UTF_8), Optional.of(jnet.container))));
        }
    }

    @Test
    void aDeletionIsNotKeptByWhatAnAdditionWouldBeRefusedFor() {
        result(cni.call("ADD", "c1", "eth0", ""));
        error(cni.call("ADD", "c2", "eth1", ", \"vlan\": 4095"), 7);
        succeeded(cni.call(
                "DEL", "c1", "eth0", ", \"vlan\": 4095, \"runtimeConfig\": {\"bandwidth\": {\"ingressRate\": 9}}"));
        assertThat(jnet.engine.endpoints()).isEmpty();
    }

    @Test
    void garbageIsWhatTheRuntimeDoesNotName() {
        result(cni.call("ADD", "c1", "eth0", ""));
        result(cni.call("ADD", "c2", "eth1", ""));
        succeeded(cni.call("GC", "", "", ""));
        assertThat(jnet.engine.endpoints()).as("nothing is known").hasSize(2);
        String one = "[{\"containerID\": \"c2\", \"ifname\": \"eth1\"}]";
        succeeded(cni.call("GC", "", "", ", \"cni.dev/valid-attachments\": " + one));
        assertThat(jnet.engine.endpoints())
                .extracting(endpoint -> endpoint.spec().container())
                .containsExactly(Optional.of("c2"));
        succeeded(cni.call("GC", "", "", ", \"cni.dev/attachments\": []"));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(cni.leased()).isEmpty();
    }

    @Test
    void onlyAContainersNamespaceIsTaken() {
        CniRequest none = new CniRequest(
                environment("ADD", "c1", "eth0"), WEB.formatted("").getBytes(UTF_8), Optional.empty());
        assertThat(error(jnet.plugin.answer(none), 4).path("msg").asString()).contains("is not a network namespace");
        try (NetworkNamespace own = NetworkNamespace.current()) {
            CniRequest host = new CniRequest(
                    environment("ADD", "c1", "eth0"), WEB.formatted("").getBytes(UTF_8), Optional.of(own));
            assertThat(error(jnet.plugin.answer(host), 4).path("msg").asString())
                    .contains("the host's own");
        }
        assertThat(jnet.engine.networks()).isEmpty();
    }

    @Test
    void commandsAreRefusedInVersionsBeforeThem() {
        String old = WEB.formatted("").replace("1.1.0", "0.3.1");
        for (String command : List.of("CHECK", "GC", "STATUS")) {
            error(
                    jnet.plugin.answer(new CniRequest(
                            environment(command, "c1", "eth0"), old.getBytes(UTF_8), Optional.of(jnet.container))),
                    1);
        }
    }

    @Test
    void portsThatTheRuntimeBindsAreNotHeld() {
        String port = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}";
        Map<String, String> podman = environment("ADD", "c1", "eth0");
        podman.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=web");
        result(jnet.plugin.answer(
                new CniRequest(podman, WEB.formatted(port).getBytes(UTF_8), Optional.of(jnet.container))));
        assertThat(Commands.run("ss", "-Htanu")).doesNotContain(":8080");
        result(cni.call("ADD", "c2", "eth1", port.replace("8080", "8081")));
        assertThat(error(cni.call("ADD", "c3", "eth2", port), 100).path("msg").asString())
                .as("a port of another container, held by nobody here")
                .contains("8080");
    }
}
