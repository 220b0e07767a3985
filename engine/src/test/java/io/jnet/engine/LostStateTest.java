package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Bandwidth;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortHolder;
import io.jnet.engine.endpoint.RateLimit;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.link.LearnedNeighbour;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.Exterior;
import io.jnet.engine.network.FamilyPolicy;
import io.jnet.engine.network.GatewayMode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.StaticRoute;
import io.jnet.engine.network.Subnet;
import io.jnet.engine.network.VlanRange;
import io.jnet.engine.network.Vlans;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.rebuild.Completeness;
import io.jnet.engine.rebuild.Rebuilt;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostStateTest {
    private static final String STATE = "state.lmdb";

    @TempDir
    private Path directory;

    private EngineFixture fixture;
    private String instance;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
        instance = fixture.engine().status().instance();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEmptyStateBecomesTheLostOne() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80), range("192.0.2.1", 9000, 9009)));
        assertComesBack();
    }

    @Test
    void whatNetworksAreComesBack() {
        fixture.engine().createNetwork(everything());
        fixture.engine()
                .createNetwork(new NetworkSpec(
                        DB,
                        Optional.of("inside"),
                        Optional.empty(),
                        List.of(new Subnet(IpPrefix.parse("10.3.0.0/24"), Optional.empty())),
                        OptionalInt.empty(),
                        "eth",
                        Optional.empty(),
                        Set.of(NetworkFlag.INTERNAL, NetworkFlag.PORT_SECURITY)));
        assertComesBack();
    }

    @Test
    void whereNoNamesAreAnsweredNoneAreAfterwards() {
        fixture.engine().createNetwork(EngineFixture.spec(WEB, "10.1.0.1/24").resolving(Resolution.NONE));
        fixture.engine().createNetwork(EngineFixture.spec(DB, "10.3.0.1/24"));
        assertComesBack();
    }

    @Test
    void whatEndpointsAreComesBack() {
        fixture.engine().createNetwork(everything());
        EndpointSpec spec = new EndpointSpec(
                        WEB,
                        ONE,
                        List.of(IpPrefix.parse("10.1.0.2/24"), IpPrefix.parse("fd00:1::2/64")),
                        Optional.of(MacAddress.parse("02:00:00:00:00:07")),
                        Optional.of("by-hand.shop"),
                        PortHolder.RUNTIME)
                .shapedTo(new Bandwidth(
                        Optional.of(RateLimit.of(1_000_000)), Optional.of(new RateLimit(2_000_000, 1_600_000))));
        fixture.engine().createEndpoint(spec);
        fixture.engine().join(WEB, ONE, "/run/netns/shop");
        fixture.engine()
                .publish(
                        WEB,
                        ONE,
                        List.of(
                                tcp(8080, 80),
                                new PortRequest(
                                        Protocol.UDP,
                                        Optional.of(IpAddress.parse("192.0.2.1")),
                                        Optional.of(PortRange.of(53)),
                                        5353),
                                new PortRequest(
                                        Protocol.TCP,
                                        Optional.of(IpAddress.parse("::")),
                                        Optional.of(PortRange.of(443)),
                                        4443)));
        assertComesBack();
    }

    @Test
    void adoptingIsDoneOnce() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().close();
        try (StoredEngine engine = another("empty")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.of(instance), Completeness.REQUIRED);
            assertThat(rebuilt.rebuilt()).containsExactly("network aaaa1111aaaa", "endpoint " + ONE);
            assertThat(rebuilt.unknown()).isEmpty();
            assertRefused(engine, Optional.empty(), ErrorCode.NOT_FOUND, "nothing to adopt");
        }
        try (StoredEngine engine = another("empty")) {
            assertThat(engine.standstill()).isEmpty();
            assertThat(engine.endpoints()).hasSize(1);
        }
    }

    @Test
    void anOlderCopyGetsWhatItLacksAndForgetsWhatIsGone() throws IOException {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.engine().close();
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        fixture.engine().deleteEndpoint(WEB, ONE);
        fixture.joined(TWO, "10.1.0.2/24");
        fixture.engine().publish(WEB, TWO, List.of(tcp(8080, 80)));
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        Seen before = Seen.of(fixture.engine());
        fixture.engine().close();
        String kernel = kernel();

        try (StoredEngine engine = another("copy")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(rebuilt.forgotten()).containsExactly("endpoint " + ONE);
            assertThat(rebuilt.rebuilt()).containsExactly("network bbbb2222bbbb", "endpoint " + TWO);
            assertThat(Seen.of(engine)).isEqualTo(before);
            assertThat(kernel()).isEqualTo(kernel);
        }
    }

    @Test
    void aCopyForgetsNetworksThatWereRemovedSince() throws IOException {
        fixture.web();
        fixture.engine().close();
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.engine().deleteNetwork(WEB);
        Seen before = Seen.of(fixture.engine());
        fixture.engine().close();

        try (StoredEngine engine = another("copy")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(rebuilt.forgotten()).containsExactly("network " + WEB);
            assertThat(Seen.of(engine)).isEqualTo(before);
        }
    }

    @Test
    void aMarkAloneIsNotAdopted() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().close();
        // Somebody else's port of the bridge, with a mark that looks right.
        fixture.host.links.put(
                "jvfedcba0987654",
                "jnet " + instance + " endpoint " + TWO + " addr=10.1.0.3/24 | fe:00:00:00:00:09 on jbr-aaaa1111aaa");
        String kernel = kernel();
        try (StoredEngine engine = another("empty")) {
            assertRefused(
                    engine,
                    Optional.empty(),
                    ErrorCode.CONFLICT,
                    "link jvfedcba0987654: its MAC address does not follow from its mark and network");
            assertThat(engine.networks()).isEmpty();
            assertThat(kernel()).isEqualTo(kernel);

            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.NOT_REQUIRED);
            assertThat(rebuilt.rebuilt()).containsExactly("network aaaa1111aaaa", "endpoint " + ONE);
            assertThat(engine.standstill()).isEmpty();
            assertThat(fixture.host.links).containsKey("jv1234567890abc").doesNotContainKey("jvfedcba0987654");
        }
    }

    @Test
    void aPortThatNobodyHasKeepsFromAdopting() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.engine().close();
        fixture.host.links.remove("jv1234567890abc");
        try (StoredEngine engine = another("empty")) {
            assertRefused(engine, Optional.empty(), ErrorCode.CONFLICT, "cannot be proven to be jnet's");
            engine.adoptLostState(Optional.empty(), Completeness.NOT_REQUIRED);
            assertThat(fixture.host.published()).isEmpty();
        }
    }

    @Test
    void withoutANetworkThereIsNothingToAdopt() {
        fixture.web();
        fixture.engine().close();
        fixture.host.links.clear();
        try (StoredEngine engine = another("empty")) {
            assertThatThrownBy(() -> engine.adoptLostState(Optional.empty(), Completeness.NOT_REQUIRED))
                    .hasMessageContaining("no network of instance " + instance + " can be adopted");
            engine.clean(instance);
            assertThat(engine.standstill()).isEmpty();
        }
    }

    /** The host was started anew after the copy was made, and the kernel's objects are of this time. */
    @Test
    void aCopyOfAnEarlierBootDoesNotBringItsSettingsBack() throws IOException {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().close();
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.copy(directory.resolve("state").resolve(STATE), copy.resolve(STATE));
        fixture.start();
        fixture.reboot();
        fixture.joined(TWO, "10.1.0.2/24");
        Seen before = Seen.of(fixture.engine());
        fixture.engine().close();
        String kernel = kernel();
        try (StoredEngine engine = another("copy")) {
            engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(Seen.of(engine)).isEqualTo(before);
            assertThat(kernel()).isEqualTo(kernel);
        }
    }

    @Test
    void aStateWithNetworksOfItsOwnStaysItself() {
        fixture.web();
        fixture.engine().close();
        FakeHost elsewhere = new FakeHost();
        StoredEngine.open(directory.resolve("other"), elsewhere.connect()).close();
        try (StoredEngine engine = StoredEngine.open(directory.resolve("other"), elsewhere.connect())) {
            engine.createNetwork(spec(DB, "10.2.0.1/24"));
        }
        try (StoredEngine engine = another("other")) {
            assertRefused(engine, Optional.of(instance), ErrorCode.CONFLICT, "has networks of its own");
        }
    }

    @Test
    void whichOfSeveralInstancesHasToBeSaid() {
        fixture.web();
        fixture.engine().close();
        fixture.host.links.put(
                "jbr-other", "jnet " + "0".repeat(32) + " network other | 02:00:00:00:00:01 [] OptionalInt.empty");
        try (StoredEngine engine = another("empty")) {
            assertRefused(engine, Optional.empty(), ErrorCode.CONFLICT, "objects of 2 instances of jnet are here");
            assertRefused(engine, Optional.of("f".repeat(32)), ErrorCode.NOT_FOUND, "nothing of instance");
            assertThat(engine.adoptLostState(Optional.of(instance), Completeness.REQUIRED)
                            .rebuilt())
                    .containsExactly("network aaaa1111aaaa");
            assertThat(engine.standstill()).as("the other one's").isPresent();
        }
    }

    /** Its mark does not say it. */
    @Test
    void theMacAddressThatJnetChoseFollowsFromTheAddresses() {
        fixture.engine().createNetwork(everything());
        fixture.engine()
                .createEndpoint(new EndpointSpec(
                        WEB,
                        ONE,
                        List.of(IpPrefix.parse("10.1.0.2/24"), IpPrefix.parse("fd00:1::2/64")),
                        Optional.empty(),
                        Optional.empty(),
                        PortHolder.ENGINE));
        fixture.engine().join(WEB, ONE, "/run/netns/shop");
        assertComesBack();
    }

    /** Marks of the first version had nothing but the identity. */
    @Test
    void whatAnEarlierVersionMadeIsAdoptedWithoutWhatLeavesNoTrace() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        Seen before = Seen.of(fixture.engine());
        MacAddress mac = fixture.engine().endpoints().get(0).mac();
        fixture.engine().close();
        fixture.host.links.replaceAll((name, text) -> text.replaceAll("(jnet \\S+ \\S+ \\S+) .*(\\| .*)", "$1 $2"));
        fixture.host.neighbours.add(
                new LearnedNeighbour("jbr-aaaa1111aaa".hashCode(), IpAddress.parse("10.1.0.2"), mac));
        try (StoredEngine engine = another("empty")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(rebuilt.unknown()).hasSize(2);
            assertThat(Seen.of(engine).networks()).isEqualTo(before.networks());
            assertThat(engine.endpoints().get(0).mac()).isEqualTo(mac);
            assertThat(fixture.host.links.get("jbr-aaaa1111aaa")).contains(" flags=.");
        }
    }

    @Test
    void aCrashInBetweenLeavesAllOrNothing() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        Seen before = Seen.of(fixture.engine());
        fixture.engine().close();
        int adopted = 0;
        for (int n = 1; adopted < 2; n++) {
            String folder = "crash" + n;
            try (StoredEngine engine = another(folder)) {
                fixture.host.failAt(n);
                try {
                    engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
                    adopted++;
                } catch (EngineException injected) {
                    assertThat(injected.getMessage()).contains("injected");
                }
                fixture.host.failAt(0);
            }
            try (StoredEngine engine = another(folder)) {
                if (engine.standstill().isPresent()) {
                    assertThat(engine.networks()).isEmpty();
                    engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
                }
                assertThat(Seen.of(engine)).isEqualTo(before);
            }
        }
    }

    @Test
    void aPortOfOneFamilyStaysOne() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        PortRequest ofIpv4 = new PortRequest(
                Protocol.TCP, Optional.of(IpAddress.parse("0.0.0.0")), Optional.of(PortRange.of(8080)), 80);
        fixture.engine().publish(WEB, ONE, List.of(ofIpv4, tcp(8081, 81)));
        assertComesBack();
    }

    @Test
    void aNetworkOnABridgeOfTheHostsOwnerComesBackByItsContainers() {
        fixture.host.links.put("jbr-theirs", "bridge " + "jbr-theirs".hashCode() + " 192.0.2.77/24");
        fixture.host.uplinks.put("jbr-theirs", "jbr-theirs".hashCode());
        fixture.engine()
                .createNetwork(new NetworkSpec(
                        WEB,
                        Optional.of("office"),
                        Optional.of(new InterfaceName("jbr-theirs")),
                        List.of(new Subnet(IpPrefix.parse("10.1.0.0/24"), Optional.of(IpPrefix.parse("10.1.0.1/24")))),
                        OptionalInt.empty(),
                        "eth",
                        Optional.empty(),
                        Set.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER)));
        fixture.joined(ONE, "10.1.0.2/24");
        List<Network> before = fixture.engine().networks();
        fixture.engine().close();
        try (StoredEngine engine = another("empty")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(rebuilt.unknown()).hasSize(1);
            assertThat(engine.networks())
                    .extracting(Network::spec)
                    .isEqualTo(before.stream().map(Network::spec).toList());
            assertThat(engine.networks().get(0).ownAddresses()).containsExactly(IpPrefix.parse("10.1.0.1/24"));
            assertThat(engine.standstill()).isEmpty();
        }
    }

    @Test
    void aStateOfAnotherLivingNamespaceIsRefused() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().close();
        FakeHost other = new FakeHost();
        other.namespace = "boot-1 namespace-2";
        other.livingNamespaces.add("namespace-1");
        assertThatThrownBy(() -> StoredEngine.open(directory.resolve("state"), other.connect()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("is of another network namespace, which is still there (/proc/1/ns/net)");
        assertThat(other.links).isEmpty();
        fixture.start();
        assertThat(fixture.engine().endpoints()).hasSize(1);
        fixture.engine().close();

        // As after the end of a container that was the host.
        other.livingNamespaces.clear();
        try (StoredEngine engine = StoredEngine.open(directory.resolve("state"), other.connect())) {
            assertThat(engine.networks()).hasSize(1);
            assertThat(engine.endpoints()).isEmpty();
        }
    }

    @Test
    void aStateWithoutAnythingMayMoveToAnotherNamespace() {
        fixture.engine().close();
        FakeHost other = new FakeHost();
        other.namespace = "boot-1 namespace-2";
        other.livingNamespaces.add("namespace-1");
        try (StoredEngine engine = StoredEngine.open(directory.resolve("state"), other.connect())) {
            assertThat(engine.createNetwork(spec(DB, "10.2.0.1/24")).id()).isEqualTo(DB);
        }
    }

    private void assertComesBack() {
        Seen before = Seen.of(fixture.engine());
        fixture.engine().close();
        String kernel = kernel();
        try (StoredEngine engine = another("empty")) {
            Rebuilt rebuilt = engine.adoptLostState(Optional.empty(), Completeness.REQUIRED);
            assertThat(rebuilt.unknown()).isEmpty();
            assertThat(rebuilt.instance()).isEqualTo(instance);
            assertThat(Seen.of(engine)).isEqualTo(before);
            assertThat(kernel()).isEqualTo(kernel);
            assertThat(engine.networks()).allMatch(Network::rebuilt);
            // And goes as it would have.
            engine.networks().forEach(network -> engine.deleteNetwork(network.id()));
            assertThat(fixture.host.links).isEmpty();
            assertThat(fixture.host.firewall.owner()).isEmpty();
            assertThat(fixture.host.settings)
                    .as("forwarding that the lost state had opened")
                    .containsEntry("net/ipv4/conf/eth0/forwarding", "0");
        }
    }

    /** What a front end sees. */
    private record Seen(List<Network> networks, Set<Object> endpoints, List<Object> status) {
        static Seen of(StoredEngine engine) {
            return new Seen(
                    engine.networks().stream()
                            .map(network ->
                                    new Network(network.spec(), network.bridge(), network.bridgeMac(), network.state()))
                            .toList(),
                    Set.copyOf(engine.endpoints().stream()
                            .map(endpoint -> (Object) List.of(
                                    endpoint.publishing(List.of(), endpoint.open()), Set.copyOf(endpoint.ports())))
                            .toList()),
                    List.of(engine.status().hostChanges(), engine.status().publishedPorts()));
        }
    }

    private static NetworkSpec everything() {
        return new NetworkSpec(
                WEB,
                Optional.of("shop"),
                Optional.of(new InterfaceName("jbr-shop")),
                List.of(
                        new Subnet(
                                IpPrefix.parse("10.1.0.0/24"),
                                Optional.of(IpPrefix.parse("10.1.0.1/24")),
                                Optional.of(IpAddress.parse("10.1.0.254"))),
                        new Subnet(IpPrefix.parse("fd00:1::/64"), Optional.of(IpPrefix.parse("fd00:1::1/64")))),
                OptionalInt.of(1500),
                "net",
                Optional.of(IpAddress.parse("192.0.2.1")),
                Set.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER, NetworkFlag.NO_BRIDGE_IPV4),
                new Exterior(
                        new FamilyPolicy(GatewayMode.NAT, Optional.of(IpAddress.parse("192.0.2.9"))),
                        new FamilyPolicy(GatewayMode.ROUTED, Optional.empty()),
                        List.of(new InterfaceName("eth0"), new InterfaceName("eth1")),
                        List.of(new StaticRoute(
                                IpPrefix.parse("10.9.0.0/16"), Optional.of(IpAddress.parse("10.1.0.5"))))),
                Optional.of(new Vlans(OptionalInt.of(5), List.of(new VlanRange(7, 7), new VlanRange(10, 20)), true)),
                Resolution.DEFAULT);
    }

    private static PortRequest range(String host, int first, int last) {
        return new PortRequest(
                Protocol.TCP, Optional.of(IpAddress.parse(host)), Optional.of(new PortRange(first, last)), first);
    }

    private void assertRefused(StoredEngine engine, Optional<String> of, ErrorCode code, String message) {
        assertThatThrownBy(() -> engine.adoptLostState(of, Completeness.REQUIRED))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    /** What outlives a process. */
    private String kernel() {
        return fixture.host.dump().replaceAll("\nports .*", "");
    }

    private StoredEngine another(String folder) {
        return StoredEngine.open(directory.resolve(folder), fixture.host.connect());
    }
}
