package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.ForwardBarrier;
import io.jnet.engine.firewall.HostFilters;
import io.jnet.engine.firewall.Passage;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherFirewallsTest {
    private static final HostFilters UFW = new HostFilters(Optional.of("ufw"), List.of(), false);
    private static final HostFilters FIREWALLD = new HostFilters(Optional.of("firewalld"), List.of(), true);

    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatIsPublishedGoesPastAGuard() {
        fixture.host.filters = UFW;
        publish("", 8080);
        assertThat(past()).containsExactly(Optional.of("ufw"));
        publish("127.0.0.1", 8081);
        assertThat(past()).as("on the host only").containsExactly(Optional.empty());
    }

    @Test
    void whereNothingIsForwardedNothingGoesPast() {
        fixture.host.filters = new HostFilters(
                Optional.of("table inet host, chain in"),
                List.of(new ForwardBarrier("inet host", "through", 0)),
                false);
        publish("", 8080);
        assertThat(past()).containsExactly(Optional.empty());
        assertThat(fixture.engine().status().notes())
                .singleElement()
                .asString()
                .contains(
                        "table inet host, chain through drops what is forwarded",
                        "nft insert rule inet host through meta mark and 0x1000 == 0x1000 accept");
    }

    @Test
    void bridgesThatForwardAreInAZone() {
        fixture.host.filters = FIREWALLD;
        fixture.engine().createNetwork(EngineFixture.spec(WEB, "10.1.0.1/24"));
        fixture.engine()
                .createNetwork(EngineFixture.spec(EngineFixture.DB, Set.of(NetworkFlag.INTERNAL), "10.2.0.1/24"));
        InterfaceName bridge = fixture.engine().network(WEB.value()).bridge();
        assertThat(fixture.host.zones.bridges).containsExactly(bridge);

        fixture.engine().deleteNetwork(WEB);
        assertThat(fixture.host.zones.bridges).isEmpty();
    }

    @Test
    void whatItsPoliciesLetThroughIsInTheRulesFromTheBeginning() {
        fixture.host.filters = FIREWALLD;
        fixture.host.zones.passages = Optional.of(Set.of(
                new Passage(new InterfaceName("eth0"), new InterfaceName("jbr-x"), Protocol.TCP, PortRange.of(80))));
        fixture.engine().createNetwork(EngineFixture.spec(WEB, "10.1.0.1/24"));
        assertThat(fixture.host.firewall.dump())
                .contains(
                        "passages { \"eth0\" . \"jbr-x\" . 6 . 80 }",
                        "unasked { 6 }",
                        "unasked { 17 }",
                        "unasked { 132 }");
    }

    private void publish(String hostAddress, int port) {
        if (fixture.engine().networks().isEmpty()) {
            fixture.engine().createNetwork(EngineFixture.spec(WEB, "10.1.0.1/24"));
            fixture.joined(ONE, "10.1.0.2/24");
        }
        Optional<IpAddress> host = hostAddress.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(hostAddress));
        fixture.engine()
                .publish(WEB, ONE, List.of(new PortRequest(Protocol.TCP, host, Optional.of(PortRange.of(port)), 80)));
    }

    private List<Optional<String>> past() {
        List<PortBinding> ports = fixture.engine().endpoint(ONE.value()).ports();
        return ports.stream()
                .map(binding -> fixture.engine().publishedPast(fixture.engine().endpoint(ONE.value()), binding))
                .toList();
    }
}
