package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.PortAccess;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkSpec;
import io.jnet.engine.network.PublishPolicy;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.publish.Visitors;
import io.jnet.engine.relay.Visitor;
import io.jnet.engine.store.StateStore;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon serves itself, and what the kernel does. */
class ServedPortsTest {
    private static final EndpointSpec SPEC = new EndpointSpec(WEB, ONE, List.of(), Optional.empty());

    @TempDir
    Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void ofAnIpv4ContainerIpv6IsTheDaemons() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        publish(Protocol.TCP, "", 8080);
        publish(Protocol.UDP, "2001:db8::10", 5353);
        assertThat(fixture.host.served).containsExactly(Map.entry("5353/udp 2001:db8::10", "[10.1.0.2]:80"));
        assertThat(fixture.host.published()).isEmpty();

        publish(Protocol.TCP, "", 8080);
        assertThat(fixture.host.served).containsExactly(Map.entry("8080/tcp *", "[10.1.0.2]:80"));
        assertThat(fixture.host.published()).containsExactly("published4 { 6 . 8080 : 10.1.0.2 . 80 }");
    }

    @Test
    void aContainerWithoutAddressesPublishesNothing() {
        fixture.engine().createNetwork(EngineFixture.spec(WEB));
        fixture.joined(ONE);
        assertThatThrownBy(() -> publish(Protocol.TCP, "", 8080))
                .hasMessageContaining("8080")
                .hasMessageContaining("no address on this network");
        assertThat(fixture.host.ports).isEmpty();
    }

    @Test
    void ofADualStackContainerOnlyLoopbackIs() {
        dualStack();
        publish(Protocol.TCP, "", 8080);
        assertThat(fixture.host.served).containsValue("[fd00:1::2, 10.1.0.2]:80");
        assertThat(fixture.host.published()).hasSize(2);

        publish(Protocol.TCP, "2001:db8::10", 8081);
        assertThat(fixture.host.served).isEmpty();
        assertThat(fixture.host.published()).hasSize(1);

        publish(Protocol.TCP, "::1", 8082);
        assertThat(fixture.host.served).hasSize(1);
        assertThat(fixture.host.published()).isEmpty();
    }

    @Test
    void whatIsForIpv4OnlyAndWhatIsSctpIsNever() {
        dualStack();
        for (String address : List.of("0.0.0.0", "127.0.0.1", "198.51.100.10")) {
            publish(Protocol.TCP, address, 8080);
            assertThat(fixture.host.served).isEmpty();
        }
        publish(Protocol.SCTP, "", 8080);
        assertThat(fixture.host.served).isEmpty();
        assertThatThrownBy(() -> publish(Protocol.SCTP, "::1", 8080))
                .hasMessageContaining("passes on tcp and udp: name another address");
    }

    @Test
    void whomTheKernelServesTheDaemonDoesNot() {
        PortAccess four = access("10.1.0.2/24");
        assertThat(four.isServedByDaemon(IpAddress.parse("2001:db8::9"))).isTrue();
        assertThat(four.isServedByDaemon(IpAddress.parse("::1"))).isTrue();
        assertThat(four.isServedByDaemon(IpAddress.parse("198.51.100.9"))).isFalse();
        PortAccess dual = access("10.1.0.2/24", "fd00:1::2/64");
        assertThat(dual.isServedByDaemon(IpAddress.parse("::1"))).isTrue();
        assertThat(dual.isServedByDaemon(IpAddress.parse("2001:db8::9"))).isFalse();
        assertThat(dual.isServedByDaemon(IpAddress.parse("fe80::9"))).isTrue();
        assertThat(dual.isServedByDaemon(IpAddress.parse("198.51.100.9"))).isFalse();
        assertThat(access("fd00:1::2/64").isServedByDaemon(IpAddress.parse("198.51.100.9")))
                .isTrue();
    }

    private static PortAccess access(String... addresses) {
        return PortAccess.of(EngineFixture.endpointSpec(ONE, addresses), Protocol.TCP, Optional.empty());
    }

    @Test
    void itIsServedAgainAfterARestartAndNoMoreAfterwards() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        publish(Protocol.TCP, "", 8080);
        fixture.restart();
        assertThat(fixture.host.served).hasSize(1);
        fixture.engine().unpublish(WEB, ONE);
        assertThat(fixture.host.served).isEmpty();
    }

    @Test
    void containersOfInternalNetworksAreNotServed() {
        fixture.engine()
                .createNetwork(EngineFixture.spec(
                        WEB, Set.of(NetworkFlag.INTERNAL, NetworkFlag.INTER_CONTAINER), "10.1.0.1/24", "fd00:1::1/64"));
        fixture.engine().close();
        try (StateStore store = StateStore.open(directory.resolve("state"), fixture.host.namespace)) {
            Visitors visitors = new Visitors(store, PublishPolicy.OPEN);
            assertThat(visitors.test(SPEC, visitor("fd00:1::2"))).isFalse();
            assertThat(visitors.test(SPEC, visitor("10.1.0.2"))).isFalse();
            assertThat(visitors.test(SPEC, visitor("fd00:2::2"))).isTrue();
            assertThat(visitors.test(SPEC, visitor("::1"))).isTrue();
        }
        fixture = new EngineFixture(directory.resolve("other"));
    }

    @Test
    void whomThePolicyKeepsOutIsNotServedEither() {
        dualStack();
        fixture.host.links.put("br0", "bridge 7");
        NetworkSpec lan = EngineFixture.spec(EngineFixture.DB, "10.2.0.1/24", "fd00:2::1/64");
        fixture.engine()
                .createNetwork(new NetworkSpec(
                        lan.id(),
                        lan.name(),
                        Optional.of(new InterfaceName("br0")),
                        lan.subnets(),
                        lan.mtu(),
                        lan.interfacePrefix(),
                        lan.hostBinding(),
                        lan.flags()));
        fixture.engine().close();
        try (StateStore store = StateStore.open(directory.resolve("state"), fixture.host.namespace)) {
            Visitors visitors = new Visitors(store, PublishPolicy.parse("from=2001:db8::/32"));
            assertThat(visitors.test(SPEC, visitor("2001:db8::9"))).isTrue();
            assertThat(visitors.test(SPEC, visitor("2001:db9::9"))).isFalse();
            assertThat(visitors.test(SPEC, visitor("::1")))
                    .as("the host itself")
                    .isTrue();
            assertThat(visitors.test(SPEC, visitor("fd00:1::2")))
                    .as("a container of the host")
                    .isTrue();
            assertThat(visitors.test(SPEC, visitor("fd00:2::9")))
                    .as("a machine on a bridge of somebody else's")
                    .isFalse();
            EndpointSpec stricter = SPEC.publishing(PublishPolicy.parse("from=2001:db8:1::/48"));
            assertThat(visitors.test(stricter, visitor("2001:db8::9"))).isFalse();
            assertThat(visitors.test(stricter, visitor("2001:db8:1::9"))).isTrue();
        }
        fixture = new EngineFixture(directory.resolve("other"));
    }

    private static Visitor visitor(String address) {
        return new Visitor(IpAddress.parse(address), 0);
    }

    private void dualStack() {
        fixture.engine().createNetwork(EngineFixture.spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");
    }

    /** Instead of what was published before. */
    private void publish(Protocol protocol, String address, int port) {
        Optional<IpAddress> host = address.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(address));
        fixture.engine()
                .publish(WEB, ONE, List.of(new PortRequest(protocol, host, Optional.of(PortRange.of(port)), 80)));
    }
}
