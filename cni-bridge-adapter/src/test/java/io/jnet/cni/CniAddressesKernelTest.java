package io.jnet.cni;

import static io.jnet.cni.CniCalls.WEB;
import static io.jnet.cni.CniCalls.address;
import static io.jnet.cni.CniCalls.environment;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.pathOf;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.network.NetworkId;
import io.jnet.ipam.lease.AddressRequest;
import io.jnet.ipam.pool.PoolId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import tools.jackson.databind.JsonNode;

/** Which addresses and routes a container gets, and what becomes of them. */
@KernelTest
class CniAddressesKernelTest {
    private static final int DELEGATE = 254;
    private static final int DELEGATE_WITH_INTERFACE = 252;

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

    /** The first range of the set has no address but its gateway's. */
    @Test
    void eachAddressHasTheGatewayOfItsOwnRange() {
        JsonNode result = result(cni.call(
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
        assertThat(error(cni.callWith("ADD", "c1", "eth0", range.formatted(200)), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("address 10.88.0.200 is not in range 10.88.0.10-10.88.0.20 of subnet 10.88.0.0/24");
        assertThat(address(cni.callWith("ADD", "c1", "eth0", range.formatted(15))))
                .isEqualTo("10.88.0.15/24");
    }

    /** It is the default gateway's, and what else is said of it holds; one of another table is none for all else. */
    @Test
    void aDefaultRouteOfTheConfigurationKeepsWhatItSays() {
        String routes =
                "\"isDefaultGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\"}]],"
                        + " \"routes\": [%s]}";
        result(cni.callWith(
                "ADD",
                "c1",
                "eth0",
                routes.formatted("{\"dst\": \"0.0.0.0/0\", \"priority\": 500, \"mtu\": 1400},"
                        + " {\"dst\": \"0.0.0.0/0\", \"table\": 100}")));
        assertThat(defaults("main")).containsExactly("default via 10.88.0.1 dev eth0 proto static metric 500 mtu 1400");
        assertThat(defaults("100")).containsExactly("default via 10.88.0.1 dev eth0 proto static");
        succeeded(cni.callWith("DEL", "c1", "eth0", routes.formatted("")));

        result(cni.callWith(
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
        assertThat(address(cni.callWith("ADD", "c1", "eth0", part.formatted(10))))
                .isEqualTo("10.89.0.10/24");
        assertThat(address(cni.callWith("ADD", "c2", "eth1", part.formatted(200))))
                .isEqualTo("10.89.0.200/24");
        assertThat(error(cni.callWith("ADD", "c3", "eth2", part.formatted(10)), 101)
                        .path("msg")
                        .asString())
                .isEqualTo("address pool 10.89.0.0/24, range 10.89.0.10-10.89.0.10, is full");
        assertThat(address(cni.callWith("ADD", "c3", "eth2", limited.formatted(""))))
                .isEqualTo("10.89.0.2/24");
        assertThat(address(cni.callWith("ADD", "by-hand.c4", "eth3", subnet))).isEqualTo("10.89.0.3/24");
    }

    /** Its lease is the next container's then; of jnet's own addresses none is, as long as the namespace is there. */
    @Test
    void anInterfaceGoesWithTheAddressThatAnotherPluginTakesBack() {
        String dhcp =
                "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\", \"ipam\": {\"type\": \"dhcp\"}}";
        Map<String, String> environment = environment("ADD", "c1", "eth0");
        environment.put("CNI_NETNS", pathOf(jnet.container));
        assertThat(cni.ask(environment, dhcp).status()).isEqualTo(DELEGATE_WITH_INTERFACE);
        environment.put(
                "JNET_IPAM_RESULT", "{\"cniVersion\": \"1.1.0\", \"ips\": [{\"address\": \"10.50.0.100/24\"}]}");
        result(cni.ask(environment, dhcp));

        environment.put("CNI_COMMAND", "DEL");
        environment.put("CNI_NETNS", "");
        environment.put("JNET_IPAM_RESULT", "");
        succeeded(cni.ask(environment, dhcp));
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
        JsonNode result = result(cni.ask(environment, configuration.formatted("")));
        assertThat(result.at("/ips/0").has("gateway")).isFalse();
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route", "show", "192.0.2.0/24")))
                .startsWith("192.0.2.0/24 dev eth0");
        environment.put("CNI_COMMAND", "CHECK");
        assertThat(cni.ask(environment, configuration.formatted(", \"prevResult\": " + result))
                        .status())
                .as("it is the other plugin's turn")
                .isEqualTo(DELEGATE);
    }

    /** Of a runtime that was killed before it joined a container: it has forgotten it, and the pool has given its address away. */
    @Test
    void anEndpointThatNobodyHasJoinedMakesWayForWhoIsGivenItsAddress() {
        String asked = "\"ipam\": {\"type\": \"jnet\", \"subnet\": \"10.88.0.0/24\"},"
                + " \"runtimeConfig\": {\"ips\": [\"10.88.0.9\"]}";
        result(cni.callWith("ADD", "c1", "eth0", asked));
        succeeded(cni.callWith("DEL", "c1", "eth0", asked));
        NetworkId network = jnet.engine.networks().get(0).id();
        EndpointId forgotten = new EndpointId("forgotten");
        jnet.engine.createEndpoint(
                new EndpointSpec(network, forgotten, List.of(IpPrefix.parse("10.88.0.9/24")), Optional.empty()));

        assertThat(address(cni.callWith("ADD", "c2", "eth1", asked))).isEqualTo("10.88.0.9/24");
        assertThat(jnet.engine.findEndpoint(forgotten)).isEmpty();
        assertThat(cni.leased())
                .extracting(report -> report.lease().owner().orElse(""))
                .contains("c2/eth1");
    }

    /** The address is another endpoint's, which has joined its container: with the record that is refused goes the lease. */
    @Test
    void noAddressIsLeasedForAnEndpointThatIsNotWrittenDown() {
        String asked = "\"ipam\": {\"type\": \"jnet\", \"subnet\": \"10.88.0.0/24\"},"
                + " \"runtimeConfig\": {\"ips\": [\"10.88.0.%d\"]}";
        result(cni.callWith("ADD", "c1", "eth0", asked.formatted(9)));
        freeByMistake("10.88.0.9");

        assertThat(error(cni.callWith("ADD", "c2", "eth1", asked.formatted(9)), 100)
                        .path("msg")
                        .asString())
                .startsWith("address 10.88.0.9/24 belongs to endpoint ");
        assertThat(cni.leased())
                .extracting(report -> report.lease().address())
                .doesNotContain(IpAddress.parse("10.88.0.9"));
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(address(cni.callWith("ADD", "c2", "eth1", asked.formatted(10))))
                .isEqualTo("10.88.0.10/24");
    }

    /** It is the one that is next; the others are given all the same, and it stays its endpoint's. */
    @Test
    void anAddressThatIsInUseAndLeasedToNobodyIsPassedOver() {
        String range = "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\","
                + " \"rangeStart\": \"10.88.0.2\", \"rangeEnd\": \"10.88.0.4\"}]]}";
        assertThat(address(cni.callWith("ADD", "c1", "eth0", range))).isEqualTo("10.88.0.2/24");
        assertThat(address(cni.callWith("ADD", "c2", "eth1", range))).isEqualTo("10.88.0.3/24");
        assertThat(address(cni.callWith("ADD", "c3", "eth2", range))).isEqualTo("10.88.0.4/24");
        freeByMistake("10.88.0.2");
        succeeded(cni.callWith("DEL", "c2", "eth1", range));

        assertThat(address(cni.callWith("ADD", "c4", "eth3", range))).isEqualTo("10.88.0.3/24");
        assertThat(error(cni.callWith("ADD", "c5", "eth4", range), 101)
                        .path("msg")
                        .asString())
                .contains("is full");
        assertThat(jnet.engine.endpoints()).hasSize(3);
        assertThat(cni.leased()).extracting(report -> report.lease().address()).contains(IpAddress.parse("10.88.0.2"));
    }

    private void freeByMistake(String address) {
        PoolId pool = cni.leased().get(0).pool().id();
        jnet.addresses.pools().releaseAddress(pool, IpAddress.parse(address));
    }

    /** As of a network whose record was made again after a loss of the state. */
    @Test
    void aGatewayThatIsLeasedToNobodyIsPassedOver() {
        String range =
                "\"isGateway\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/24\","
                        + " \"gateway\": \"10.88.0.2\", \"rangeStart\": \"10.88.0.2\", \"rangeEnd\": \"10.88.0.4\"}]]}";
        assertThat(address(cni.callWith("ADD", "c1", "eth0", range))).isEqualTo("10.88.0.3/24");
        assertThat(address(cni.callWith("ADD", "c2", "eth1", range))).isEqualTo("10.88.0.4/24");
        freeByMistake("10.88.0.2");
        succeeded(cni.callWith("DEL", "c2", "eth1", range));

        assertThat(address(cni.callWith("ADD", "c3", "eth2", range))).isEqualTo("10.88.0.4/24");
    }

    /** Where no daemon runs, nobody looks for them later. */
    @Test
    void addressesThatNobodyHasAnyMoreAreFreeWhenTheNextProcessBegins() {
        result(cni.call("ADD", "c1", "eth0", ""));
        result(cni.call("ADD", "c2", "eth1", ""));
        Endpoint gone = jnet.engine.endpoints().stream()
                .filter(endpoint -> endpoint.spec().container().equals(Optional.of("c1")))
                .findFirst()
                .orElseThrow();
        jnet.engine.deleteEndpoint(gone.spec().network(), gone.id());
        jnet.addresses
                .pools()
                .requestAddress(
                        cni.leased().get(0).pool().id(),
                        new AddressRequest(Optional.empty(), false, Optional.of("killed"), Optional.empty()));
        assertThat(cni.leased()).hasSize(5);

        assertThat(new CniPlugin(jnet.engine, jnet.addresses.pools()).namespace())
                .isEqualTo(jnet.plugin.namespace());
        assertThat(cni.leased())
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
        assertThat(cni.leased()).hasSize(2);
    }

    @Test
    void aFullPoolIsSaidBeforeItIsMet() {
        succeeded(cni.call("STATUS", "", "", ""));
        for (int i = 0; i < 5; i++) {
            result(cni.call("ADD", "c" + i, "eth" + i, ""));
        }
        assertThat(error(cni.call("STATUS", "", "", ""), 50).path("msg").asString())
                .contains("10.88.0.0/29", "full");
        assertThat(error(cni.call("ADD", "c5", "eth5", ""), 101).path("msg").asString())
                .contains("10.88.0.0/29");
        assertThat(jnet.engine.endpoints()).hasSize(5);
        succeeded(cni.call("DEL", "c0", "eth0", ""));
        succeeded(cni.call("STATUS", "", "", ""));
    }
}
