package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.firewall.Publication;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.traffic.PortTraffic;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.LinkStatistics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose the kernel's counters are. */
class CountedTrafficTest {
    private static final LinkStatistics SOME = new LinkStatistics(1, 2, 3, 4);

    @TempDir
    Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aBridgeIsItsNetworks() {
        InterfaceName bridge = fixture.engine().network(WEB.value()).bridge();
        fixture.host.counters.bridges.put(bridge, SOME);
        fixture.host.counters.bridges.put(new InterfaceName("docker0"), new LinkStatistics(9, 9, 9, 9));

        assertThat(fixture.engine().networkTraffic()).isEqualTo(Map.of(WEB, SOME));
    }

    @Test
    void countsOfAPortAreItsEndpoints() {
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        Publication port = publication(8080, "10.1.0.2");
        fixture.host.counters.connections.put(port, 5L);
        // Of another state, or of a moment ago.
        fixture.host.counters.connections.put(publication(8081, "10.1.0.2"), 7L);
        fixture.host.counters.connections.put(publication(8080, "10.1.0.3"), 7L);

        assertThat(fixture.engine().portTraffic()).containsExactly(new PortTraffic(WEB, ONE, port, 5));
    }

    @Test
    void bytesAreThereWhereTheyAreCounted() {
        assertThat(fixture.engine().openBytes()).isEmpty();
        fixture.host.counters.accounting = true;

        assertThat(fixture.engine().openBytes()).contains(Map.of());
    }

    @Test
    void eachKindOfMendingIsTold() {
        assertThat(fixture.engine().mended())
                .isEqualTo(Map.of("ruleset", 0, "forward", 0, "bridge", 0, "port", 0, "shaping", 0));
    }

    @Test
    void allIsWell() {
        assertThat(fixture.engine().troubles()).isEmpty();
    }

    private static Publication publication(int port, String container) {
        return new Publication(
                Protocol.TCP, IpAddress.parse("0.0.0.0"), PortRange.of(port), IpAddress.parse(container), 80);
    }
}
