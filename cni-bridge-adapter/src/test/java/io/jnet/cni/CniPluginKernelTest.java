package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.lease.LeaseReport;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The plugin on the real kernel: a host and a container, each a network namespace. */
@KernelTest
class CniPluginKernelTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int DELEGATE = 254;
    private static final int DELEGATE_WITH_INTERFACE = 252;
    private static final String WEB =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/29"}], [{"subnet": "fd00:88::/64"}]]}%s}
            """;

    @TempDir
    private Path directory;

    private PluginHost jnet;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
    }

    @AfterEach
    void close() {
        jnet.close();
    }

    @Test
    void aContainerIsAttached() {
        JsonNode result = result(call("ADD", "c1", "eth0", ""));

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

    /** As runtimes make them: its loopback interface was set up before anybody asked for an address of IPv6. */
    @Test
    void anAddressOfIpv6BringsIpv6ToTheLoopbackInterfaceAsWell() {
        jnet.inside.call(() -> {
            Commands.run("ip", "link", "set", "lo", "up");
            Commands.run("sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1");
            return Commands.run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
        });
        result(call("ADD", "c1", "eth0", ""));
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-6", "address")))
                .contains("inet6 fd00:88::2/64", "inet6 ::1/128");
    }

    @Test
    void whatWasAddedIsGoneAfterItsDeletion() {
        result(call(
                "ADD",
                "c1",
                "eth0",
                ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}"));
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .contains("10.88.0.2 . 80");

        succeeded(call("DEL", "c1", "eth0", ""));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(leased()).isEmpty();
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .doesNotContain("10.88.0.2");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
        succeeded(call("DEL", "c1", "eth0", ""));
    }

    /** The first range of the set has no address but its gateway's. */
    @Test
    void eachAddressHasTheGatewayOfItsOwnRange() {
        JsonNode result = result(call(
                "ADD",
                "c1",
                "eth0",
                ", \"runtimeConfig\": {\"ipRanges\": [[{\"subnet\": \"10.89.0.0/29\", \"rangeStart\": \"10.89.0.1\","
                        + " \"rangeEnd\": \"10.89.0.1\"}, {\"subnet\": \"10.89.0.8/29\"}]]}"));

        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.89.0.10/29");
        assertThat(result.at("/ips/0/gateway").asString()).isEqualTo("10.89.0.9");
        assertThat(result.at("/ips/1/gateway").asString()).isEqualTo("10.88.0.1");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route"))).contains("default via 10.89.0.9 dev eth0");
    }

    /** What is beside the range may be other machines' on the same wire. */
    @Test
    void anAddressOutsideOfTheRangeIsNotGiven() {
        String range = "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\","
                + " \"rangeStart\": \"10.88.0.10\", \"rangeEnd\": \"10.88.0.20\"}]]},"
                + " \"runtimeConfig\": {\"ips\": [\"10.88.0.%d\"]}";
        assertThat(error(callWith("ADD", "c1", "eth0", range.formatted(200)), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("address 10.88.0.200 is not in range 10.88.0.10-10.88.0.20 of subnet 10.88.0.0/24");
        assertThat(address(callWith("ADD", "c1", "eth0", range.formatted(15)))).isEqualTo("10.88.0.15/24");
    }

    /** It is the default gateway's, and what else is said of it holds; one of another table is none for all else. */
    @Test
    void aDefaultRouteOfTheConfigurationKeepsWhatItSays() {
        String routes =
                "\"isDefaultGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\"}]],"
                        + " \"routes\": [%s]}";
        result(callWith(
                "ADD",
                "c1",
                "eth0",
                routes.formatted("{\"dst\": \"0.0.0.0/0\", \"priority\": 500, \"mtu\": 1400},"
                        + " {\"dst\": \"0.0.0.0/0\", \"table\": 100}")));
        assertThat(defaults("main")).containsExactly("default via 10.88.0.1 dev eth0 proto static metric 500 mtu 1400");
        assertThat(defaults("100")).containsExactly("default via 10.88.0.1 dev eth0 proto static");
        succeeded(callWith("DEL", "c1", "eth0", routes.formatted("")));

        result(callWith(
                "ADD",
                "c2",
                "eth0",
                routes.formatted("{\"dst\": \"0.0.0.0/0\", \"gw\": \"10.88.0.9\", \"table\": 100}")));
        assertThat(defaults("main")).containsExactly("default via 10.88.0.1 dev eth0 proto static");
        assertThat(defaults("100")).containsExactly("default via 10.88.0.9 dev eth0 proto static");
    }

    private List<String> defaults(String table) {
        return jnet.inside
                .call(() -> Commands.run("ip", "-4", "route", "show", "table", table))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("default"))
                .toList();
    }

    /** Each gets an address of its own, and who has none an address of the whole subnet. */
    @Test
    void limitsOfOneContainerAreNotThoseOfTheOthers() {
        String subnet = "\"ipam\": {\"type\": \"jnet\"}";
        String limited = subnet + ", \"runtimeConfig\": {\"ipRanges\": [[{\"subnet\": \"10.89.0.0/24\"%s}]]}";
        String part = limited.formatted(", \"rangeStart\": \"10.89.0.%1$d\", \"rangeEnd\": \"10.89.0.%1$d\"");
        assertThat(address(callWith("ADD", "c1", "eth0", part.formatted(10)))).isEqualTo("10.89.0.10/24");
        assertThat(address(callWith("ADD", "c2", "eth1", part.formatted(200)))).isEqualTo("10.89.0.200/24");
        assertThat(error(callWith("ADD", "c3", "eth2", part.formatted(10)), 101)
                        .path("msg")
                        .asString())
                .isEqualTo("address pool 10.89.0.0/24, range 10.89.0.10-10.89.0.10, is full");
        assertThat(address(callWith("ADD", "c3", "eth2", limited.formatted(""))))
                .isEqualTo("10.89.0.2/24");
        assertThat(address(callWith("ADD", "by-hand.c4", "eth3", subnet))).isEqualTo("10.89.0.3/24");
    }

    @Test
    void aContainerIsToldOfTheNetworksOwnResolver() {
        JsonNode dns = result(call("ADD", "c1", "eth0", "")).path("dns");
        assertThat(dns.toString())
                .isEqualTo("{\"nameservers\":[\"10.88.0.1\",\"fd00:88::1\"],\"search\":[\"web.jnet.internal\"]}");
        succeeded(call("DEL", "c1", "eth0", ""));
    }

    /** Whoever names a server wants that one; whoever names a domain or an option wants it from the network's resolver. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'dns': {'nameservers': ['10.0.0.53']} | {'nameservers':['10.0.0.53']}",
                "'runtimeConfig': {'dns': {'servers': ['10.0.0.54']}}, 'dns': {'search': ['a.test']} | {'nameservers':['10.0.0.54']}",
                "'dns': {'search': ['a.test']} | {'nameservers':['10.88.0.1','fd00:88::1'],'search':['a.test']}",
                "'dns': {'domain': 'a.test'} | {'nameservers':['10.88.0.1','fd00:88::1'],'domain':'a.test'}",
                "'dns': {'options': ['ndots:2']} "
                        + "| {'nameservers':['10.88.0.1','fd00:88::1'],'search':['web.jnet.internal'],'options':['ndots:2']}",
                "'resolver': {'domain': 'shop.test'} | {'nameservers':['10.88.0.1','fd00:88::1'],'search':['shop.test']}",
                "'resolver': {'enabled': false} | ",
            })
    void whatIsSaidOfResolversComesBeforeTheNetworksOwn(String keys, String dns) {
        JsonNode result = result(call("ADD", "c1", "eth0", ", " + keys.replace('\'', '"')));
        assertThat(result.path("dns").toString()).isEqualTo(dns == null ? "" : dns.replace('\'', '"'));
    }

    @Test
    void aContainerHasTheNamesThatItsRuntimeGivesIt() {
        Map<String, String> called = environment("ADD", "c1", "eth0");
        called.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=front");
        result(jnet.plugin.answer(new CniRequest(
                called,
                WEB.formatted(", \"runtimeConfig\": {\"aliases\": {\"web\": [\"www\", \"no.label\"]}}")
                        .getBytes(UTF_8),
                Optional.of(jnet.container))));
        assertThat(jnet.engine.endpoints().get(0).spec().names()).hasToString("[front, www]");
    }

    @Test
    void aResolverThatContradictsTheNetworksIsRefused() {
        result(call("ADD", "c1", "eth0", ", \"resolver\": {\"servers\": [\"192.0.2.53\"]}"));
        String other = ", \"resolver\": {\"domain\": \"shop.test\"}";
        assertThat(error(call("ADD", "c2", "eth1", other), 7).path("msg").asString())
                .isEqualTo("resolver.domain shop.test contradicts network web, which has web.jnet.internal");
        assertThat(error(call("ADD", "c2", "eth1", ", \"resolver\": {\"records\": [\"a.test=10.0.0.1\"]}"), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("resolver.records [a.test=10.0.0.1] contradicts network web, which has none");
        assertThat(error(call("ADD", "c2", "eth1", ", \"resolver\": {\"enabled\": false}"), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("resolver.enabled false contradicts network web, which has enabled true");
        result(call("ADD", "c2", "eth1", ", \"resolver\": {\"domain\": \"web.jnet.internal\"}"));
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
                "'mtu': 1400 | mtu 1400 contradicts network web, which has the default"
            })
    void whatWasWrittenIntoTheConfigurationSinceIsNotPassedOver(String key, String message) {
        String subnet = "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/29\"}]]}";
        result(callWith("ADD", "c1", "eth0", subnet));

        String edited = subnet + ", " + key.replace('\'', '"');
        assertThat(error(callWith("ADD", "c2", "eth1", edited), 7).path("msg").asString())
                .startsWith(message);
        assertThat(error(callWith("STATUS", "", "", edited), 50).path("msg").asString())
                .startsWith(message);
        result(callWith("ADD", "c2", "eth1", subnet));
        succeeded(callWith("STATUS", "", "", subnet));
    }

    @Test
    void norIsAnotherPartOfTheRangeOrAnotherGateway() {
        String part =
                "\"isGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\", %s}]]}";
        String whole = part.formatted("\"rangeStart\": \"10.88.0.10\", \"rangeEnd\": \"10.88.0.99\"");
        result(callWith("ADD", "c1", "eth0", whole));
        String less = part.formatted("\"rangeStart\": \"10.88.0.10\", \"rangeEnd\": \"10.88.0.49\"");
        assertThat(error(callWith("ADD", "c2", "eth1", less), 7).path("msg").asString())
                .startsWith("range 10.88.0.10-10.88.0.49 of 10.88.0.0/24 contradicts network web, which was made with"
                        + " 10.88.0.10-10.88.0.99: remove it with jnet network rm web");
        String gateway = part.formatted("\"gateway\": \"10.88.0.254\"");
        assertThat(error(callWith("STATUS", "", "", gateway), 50).path("msg").asString())
                .startsWith("gateway 10.88.0.254 contradicts network web, which was made with 10.88.0.1");
        result(callWith(
                "ADD", "c2", "eth1", "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\"}]]}"));
    }

    /** What jnet attach asks for is for a network that it has to make. */
    @Test
    void whoAttachesByHandTakesTheNetworkAsItIs() {
        result(callWith(
                "ADD", "c1", "eth0", "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/29\"}]]}"));
        JsonNode result = result(callWith("ADD", "by-hand.c2", "eth1", "\"isDefaultGateway\": true, \"ipMasq\": true"));
        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.88.0.3/29");
        assertThat(result.path("routes").toString()).doesNotContain("0.0.0.0/0");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route"))).doesNotContain("default");
    }

    /** Whom it lets in is the network's to say, and no less of account for a container that nobody has configured. */
    @Test
    void whoAttachesByHandNeedNotKnowWhomTheNetworkLetsIn() {
        String policy = ", \"publishPolicy\": \"from=192.0.2.0/24\"";
        result(call("ADD", "c1", "eth0", policy));
        result(call("ADD", "by-hand.c2", "eth1", ""));
        assertThat(jnet.engine.publishPolicy(jnet.engine.networks().get(0))).hasToString("from=192.0.2.0/24");
        assertThat(error(call("ADD", "c3", "eth2", ""), 7).path("msg").asString())
                .startsWith("publishPolicy open contradicts network web");
        assertThat(error(call("STATUS", "", "", ""), 50).path("msg").asString())
                .startsWith("publishPolicy open contradicts network web");
    }

    /** Whatever its attachment was called, by what it was typed as or by an earlier version. */
    @Test
    void whatWasAttachedByHandIsFoundByItsNamespace() {
        result(attach("ADD", "by-hand.web", jnet.container));
        succeeded(attach("DEL", "by-hand.net-4026532281", jnet.container));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(leased()).isEmpty();
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
    }

    @Test
    void whoDetachesByHandWhatIsNotAttachedIsToldAndCutsNobodyOff() {
        result(attach("ADD", "by-hand.net", jnet.container));
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace container = other.call(NetworkNamespace::current)) {
            assertThat(error(attach("DEL", "by-hand.net-4026532281", container), 3)
                            .path("msg")
                            .asString())
                    .isEqualTo("container by-hand.net-4026532281 is not on network web by interface eth0");
            // An interface that looks like the attached one does not make it that.
            String mac = jnet.engine.endpoints().get(0).mac().toString();
            other.call(() -> Commands.run("ip", "link", "add", "eth0", "address", mac, "type", "bridge"));
            error(attach("DEL", "by-hand.net-4026532281", container), 3);
        }
        assertThat(jnet.engine.endpoints()).hasSize(1);
        succeeded(attach("DEL", "by-hand.net", jnet.container));
        error(attach("DEL", "by-hand.net", jnet.container), 3);
    }

    /** A process's number is used again, and with it its namespace's path. */
    @Test
    void aPathThatHasBecomeAnothersCutsNobodyOff() {
        result(attach("ADD", "by-hand.1234", jnet.container));
        jnet.inside.call(() -> Commands.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07"));
        error(attach("DEL", "by-hand.net-4026532281", jnet.container), 3);
        assertThat(jnet.engine.endpoints()).hasSize(1);
    }

    /** Its lease is the next container's then; of jnet's own addresses none is, as long as the namespace is there. */
    @Test
    void anInterfaceGoesWithTheAddressThatAnotherPluginTakesBack() {
        String dhcp =
                "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", \"ipam\": {\"type\": \"dhcp\"}}";
        Map<String, String> environment = environment("ADD", "c1", "eth0");
        environment.put("CNI_NETNS", pathOf(jnet.container));
        assertThat(ask(environment, dhcp).status()).isEqualTo(DELEGATE_WITH_INTERFACE);
        environment.put(
                "JNET_IPAM_RESULT", "{\"cniVersion\": \"1.1.0\", \"ips\": [{\"address\": \"10.50.0.100/24\"}]}");
        result(ask(environment, dhcp));

        environment.put("CNI_COMMAND", "DEL");
        environment.put("CNI_NETNS", "");
        environment.put("JNET_IPAM_RESULT", "");
        succeeded(ask(environment, dhcp));
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
        assertThat(jnet.engine.endpoints()).isEmpty();
    }

    /** A first address that nobody has would swallow what is sent there. */
    @Test
    void noGatewayIsMadeUpWhereAnotherPluginNamesNone() {
        String configuration =
                "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", \"ipam\": {\"type\": \"static\"}%s}";
        Map<String, String> environment = environment("ADD", "c1", "eth0");
        environment.put(
                "JNET_IPAM_RESULT",
                "{\"cniVersion\": \"1.1.0\", \"ips\": [{\"address\": \"10.89.0.7/24\"}],"
                        + " \"routes\": [{\"dst\": \"192.0.2.0/24\"}]}");
        JsonNode result = result(ask(environment, configuration.formatted("")));
        assertThat(result.at("/ips/0").has("gateway")).isFalse();
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route", "show", "192.0.2.0/24")))
                .startsWith("192.0.2.0/24 dev eth0");
        environment.put("CNI_COMMAND", "CHECK");
        assertThat(ask(environment, configuration.formatted(", \"prevResult\": " + result))
                        .status())
                .as("it is the other plugin's turn")
                .isEqualTo(DELEGATE);
    }

    /** The engine hears of a namespace's end a moment later. */
    @Test
    void whatEndedWithItsNamespaceIsNotInTheWayOfTheNextOneOfItsName() {
        result(attach("ADD", "by-hand.net-4026532281", jnet.container));
        EndpointSpec spec = jnet.engine.endpoints().get(0).spec();
        succeeded(attach("DEL", "by-hand.net-4026532281", jnet.container));
        jnet.engine.createEndpoint(spec);
        assertThat(jnet.engine.endpoints()).as("one without its link").hasSize(1);

        result(attach("ADD", "by-hand.net-4026532281", jnet.container));
        error(attach("ADD", "by-hand.net-4026532281", jnet.container), 100);
    }

    /** Some runtimes use it, and the path of the namespace, at once, and some never delete. */
    @Test
    void anIdIsFreeAsSoonAsItsContainerHasEnded() {
        result(call("ADD", "c1", "eth0", ""));
        jnet.endContainer();
        jnet.startContainer();
        result(call("ADD", "c1", "eth0", ""));
        error(call("ADD", "c1", "eth0", ""), 100);
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(leased()).as("of both families").hasSize(2);

        jnet.inside.call(() -> {
            Commands.run("ip", "link", "set", "eth0", "down");
            return Commands.run("ip", "link", "set", "eth0", "name", "lan0");
        });
        error(call("ADD", "c1", "eth0", ""), 100);
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).contains("lan0");
    }

    @Test
    void anInterfaceThatIsToBeDownIsAsItShouldBe() {
        String down = "\"disableContainerInterface\": true, \"ipam\": {}";
        String previous = result(callWith("ADD", "c1", "eth0", down)).toString();
        succeeded(callWith("CHECK", "c1", "eth0", down + ", \"prevResult\": " + previous));
    }

    @Test
    void nothingIsLeftOfAnAdditionThatFails() {
        error(call("ADD", "c0", "eth0", ", \"runtimeConfig\": {\"ips\": [\"10.99.0.2\"]}"), 7);
        assertThat(jnet.engine.networks()).as("a network that was made for it").isEmpty();
        assertThat(jnet.addresses.pools().pools()).isEmpty();
        result(call("ADD", "c1", "eth0", ""));
        String leases = leased().toString();

        JsonNode taken = error(call("ADD", "c2", "eth0", ""), 100);
        assertThat(taken.path("msg").asString()).isEqualTo("the container has an interface eth0 already");
        error(call("ADD", "c1", "eth0", ""), 100);
        error(call("ADD", "c3", "eth1", ", \"runtimeConfig\": {\"ips\": [\"10.88.0.2\"]}"), 100);
        error(call("ADD", "c3", "eth1", ", \"runtimeConfig\": {\"ips\": [\"10.99.0.2\"]}"), 7);
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(leased()).hasToString(leases);
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
        result(call("ADD", "c1", "eth0", ""));
    }

    @Test
    void whatAKilledProcessDidNotFinishGoesWhenTheNextOneBegins() {
        result(call("ADD", "c1", "eth0", ""));
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

    /** Where no daemon runs, nobody looks for them later. */
    @Test
    void addressesThatNobodyHasAnyMoreAreFreeWhenTheNextProcessBegins() {
        result(call("ADD", "c1", "eth0", ""));
        result(call("ADD", "c2", "eth1", ""));
        Endpoint gone = jnet.engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().container().equals(Optional.of("c1")))
                .findFirst()
                .orElseThrow();
        jnet.engine.deleteEndpoint(gone.spec().network(), gone.id());
        jnet.addresses
                .pools()
                .requestEndpointAddress(
                        leased().get(0).pool().id(),
                        new AddressRequest(Optional.empty(), false, Optional.of("killed"), Optional.empty()));
        assertThat(leased()).hasSize(5);

        assertThat(new CniPlugin(jnet.engine, jnet.addresses.pools()).namespace())
                .isEqualTo(jnet.plugin.namespace());
        assertThat(leased())
                .extracting(report -> report.lease().owner().orElseThrow())
                .containsOnly("c2/eth1")
                .hasSize(2);
    }

    /** The address of a pod goes to its next container, and is that one's from the first moment on. */
    @Test
    void whatIsLateOfAPodsLastContainerWaitsForItsNextOne() throws Exception {
        Map<String, String> last = environment("DEL", "old", "eth0");
        Map<String, String> next = environment("ADD", "new", "eth0");
        Stream.of(last, next)
                .forEach(call -> call.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0"));
        byte[] configuration = WEB.formatted("")
                .replace("\"ipam\": {", "\"ipam\": {\"sticky\": true, ")
                .getBytes(UTF_8);
        List<CompletableFuture<CniAnswer>> late = new ArrayList<>();
        result(jnet.plugin.answer(new CniRequest(next, configuration, Optional.of(jnet.container)), result -> {
            late.add(CompletableFuture.supplyAsync(
                    () -> jnet.plugin.answer(new CniRequest(last, configuration, Optional.of(jnet.container)))));
            assertThat(late.get(0))
                    .as("the late deletion, while the addition is under way")
                    .failsWithin(Duration.ofMillis(200))
                    .withThrowableOfType(TimeoutException.class);
        }));
        succeeded(late.get(0).get(10, TimeUnit.SECONDS));
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(leased()).hasSize(2);
    }

    @Test
    void aSecondNetworkOfTheNameMayNotContradictTheFirst() {
        result(call("ADD", "c1", "eth0", ""));
        byte[] other = WEB.formatted("").replace("10.88.0.0/29", "10.99.0.0/24").getBytes(UTF_8);
        JsonNode refused = error(
                jnet.plugin.answer(
                        new CniRequest(environment("ADD", "c2", "eth1"), other, Optional.of(jnet.container))),
                7);
        assertThat(refused.path("msg").asString()).contains("10.99.0.0/24", "10.88.0.0/29");
        assertThat(error(call("ADD", "c2", "eth1", ", \"mtu\": 1400"), 7)
                        .path("msg")
                        .asString())
                .contains("mtu 1400");
    }

    @Test
    void aStricterPolicyIsNotIgnoredByANetworkThatIsThere() {
        result(call("ADD", "c1", "eth0", ""));
        assertThat(error(call("ADD", "c2", "eth1", ", \"ingressPolicy\": \"isolated\""), 7)
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
            assertThat(error(call("ADD", "c1", "eth0", port), 100).path("msg").asString())
                    .contains("8080");
            Map<String, String> nerdctl = environment("ADD", "c1", "eth0");
            nerdctl.put("CNI_ARGS", "NERDCTL_CNI_DHCP_HOSTNAME=");
            result(jnet.plugin.answer(
                    new CniRequest(nerdctl, WEB.formatted(port).getBytes(UTF_8), Optional.of(jnet.container))));
        }
    }

    @Test
    void aDeletionIsNotKeptByWhatAnAdditionWouldBeRefusedFor() {
        result(call("ADD", "c1", "eth0", ""));
        error(call("ADD", "c2", "eth1", ", \"vlan\": 4095"), 7);
        succeeded(call(
                "DEL", "c1", "eth0", ", \"vlan\": 4095, \"runtimeConfig\": {\"bandwidth\": {\"ingressRate\": 9}}"));
        assertThat(jnet.engine.endpoints()).isEmpty();
    }

    @Test
    void aCheckExpectsTheMacAddressOfTheLastPlugin() {
        String mac =
                result(call("ADD", "c1", "eth0", "")).at("/interfaces/2/mac").asString();
        String previous =
                ", \"prevResult\": {\"interfaces\": [{\"name\": \"eth0\", \"mac\": \"%s\", \"sandbox\": \"/x\"}]}";
        succeeded(call("CHECK", "c1", "eth0", previous.formatted(mac)));
        error(call("CHECK", "c1", "eth0", previous.formatted("02:00:00:00:00:07")), 103);
        jnet.inside.call(() -> Commands.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07"));
        succeeded(call("CHECK", "c1", "eth0", previous.formatted("02:00:00:00:00:07")));
    }

    @Test
    void aCheckLooksForThePublishedPorts() {
        String port = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": %d, \"containerPort\": 80}]}";
        result(call("ADD", "c1", "eth0", port.formatted(8080)));
        String previous = ", \"prevResult\": {}";
        succeeded(call("CHECK", "c1", "eth0", previous + port.formatted(8080)));
        assertThat(error(call("CHECK", "c1", "eth0", previous + port.formatted(8081)), 103)
                        .path("msg")
                        .asString())
                .contains("8081/tcp");
        EndpointId id = jnet.engine.endpoints().get(0).id();
        jnet.engine.unpublish(jnet.engine.endpoints().get(0).spec().network(), id);
        error(call("CHECK", "c1", "eth0", previous + port.formatted(8080)), 103);
        succeeded(call("CHECK", "c1", "eth0", previous));
    }

    @Test
    void aCheckFindsWhatWasChanged() {
        result(call("ADD", "c1", "eth0", ""));
        String previous = ", \"prevResult\": {}";
        succeeded(call("CHECK", "c1", "eth0", previous));
        assertThat(error(call("CHECK", "c1", "eth0", ""), 7).path("msg").asString())
                .isEqualTo("missing prevResult");
        error(call("CHECK", "c1", "eth7", previous), 3);

        jnet.inside.call(() -> Commands.run("ip", "route", "delete", "default"));
        assertThat(error(call("CHECK", "c1", "eth0", previous), 103).path("msg").asString())
                .contains("route to 0.0.0.0/0");
        jnet.inside.call(() -> Commands.run("ip", "route", "add", "default", "via", "10.88.0.1"));
        succeeded(call("CHECK", "c1", "eth0", previous));
        jnet.inside.call(() -> Commands.run("ip", "address", "delete", "10.88.0.2/29", "dev", "eth0"));
        assertThat(error(call("CHECK", "c1", "eth0", previous), 103).path("msg").asString())
                .contains("10.88.0.2/29");
    }

    @Test
    void garbageIsWhatTheRuntimeDoesNotName() {
        result(call("ADD", "c1", "eth0", ""));
        result(call("ADD", "c2", "eth1", ""));
        succeeded(call("GC", "", "", ""));
        assertThat(jnet.engine.endpoints()).as("nothing is known").hasSize(2);
        String one = "[{\"containerID\": \"c2\", \"ifname\": \"eth1\"}]";
        succeeded(call("GC", "", "", ", \"cni.dev/valid-attachments\": " + one));
        assertThat(jnet.engine.endpoints())
                .extracting(endpoint -> endpoint.spec().container())
                .containsExactly(Optional.of("c2"));
        succeeded(call("GC", "", "", ", \"cni.dev/attachments\": []"));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(leased()).isEmpty();
    }

    @Test
    void aFullPoolIsSaidBeforeItIsMet() {
        succeeded(call("STATUS", "", "", ""));
        for (int i = 0; i < 5; i++) {
            result(call("ADD", "c" + i, "eth" + i, ""));
        }
        assertThat(error(call("STATUS", "", "", ""), 50).path("msg").asString()).contains("10.88.0.0/29", "full");
        assertThat(error(call("ADD", "c5", "eth5", ""), 101).path("msg").asString())
                .contains("10.88.0.0/29");
        assertThat(jnet.engine.endpoints()).hasSize(5);
        succeeded(call("DEL", "c0", "eth0", ""));
        succeeded(call("STATUS", "", "", ""));
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
        result(call("ADD", "c2", "eth1", port.replace("8080", "8081")));
        assertThat(error(call("ADD", "c3", "eth2", port), 100).path("msg").asString())
                .as("a port of another container, held by nobody here")
                .contains("8080");
    }

    private List<LeaseReport> leased() {
        return jnet.addresses.pools().leases().stream()
                .filter(report -> report.lease().owner().isPresent())
                .toList();
    }

    private CniAnswer call(String command, String containerId, String interfaceName, String keys) {
        return jnet.plugin.answer(new CniRequest(
                environment(command, containerId, interfaceName),
                WEB.formatted(keys).getBytes(UTF_8),
                Optional.of(jnet.container)));
    }

    /** @param keys all of the configuration but version, name and type */
    private CniAnswer callWith(String command, String containerId, String interfaceName, String keys) {
        String configuration = "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", " + keys + "}";
        return jnet.plugin.answer(new CniRequest(
                environment(command, containerId, interfaceName),
                configuration.getBytes(UTF_8),
                Optional.of(jnet.container)));
    }

    /** As {@code jnet attach} and {@code detach} call, with a path of the namespace that is one as long as the test holds it. */
    private CniAnswer attach(String command, String containerId, NetworkNamespace namespace) {
        Map<String, String> environment = environment(command, containerId, "eth0");
        environment.put("CNI_NETNS", pathOf(namespace));
        return jnet.plugin.answer(
                new CniRequest(environment, WEB.formatted("").getBytes(UTF_8), Optional.of(namespace)));
    }

    private CniAnswer ask(Map<String, String> environment, String configuration) {
        return jnet.plugin.answer(
                new CniRequest(environment, configuration.getBytes(UTF_8), Optional.of(jnet.container)));
    }

    private static String pathOf(NetworkNamespace namespace) {
        return "/proc/self/fd/" + namespace.descriptor().number();
    }

    private static Map<String, String> environment(String command, String containerId, String interfaceName) {
        return new HashMap<>(Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                containerId,
                "CNI_NETNS",
                "/run/netns/c1",
                "CNI_IFNAME",
                interfaceName));
    }

    private static String address(CniAnswer answer) {
        return result(answer).at("/ips/0/address").asString();
    }

    private static JsonNode result(CniAnswer answer) {
        succeeded(answer);
        return JSON.readTree(answer.output());
    }

    private static void succeeded(CniAnswer answer) {
        assertThat(answer.status()).as(new String(answer.output(), UTF_8)).isZero();
    }

    private static JsonNode error(CniAnswer answer, int code) {
        assertThat(answer.status()).isEqualTo(1);
        JsonNode error = JSON.readTree(answer.output());
        assertThat(error.path("code").asInt()).as(error.toString()).isEqualTo(code);
        return error;
    }
}
