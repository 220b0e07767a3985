package io.jnet.engine.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.JoinedEndpoint;
import io.jnet.engine.endpoint.PortClash;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.engine.relay.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishedPortsTest {
    private static final EndpointId ID = new EndpointId("1234567890abcdef".repeat(4));
    private static final EndpointId OTHER = new EndpointId("fedcba0987654321".repeat(4));
    private static final int PORTS = 100;

    /** The ports whose holders were looked for. */
    private final List<Integer> named = new ArrayList<>();

    private boolean taken = true;
    private String holder = "another";
    private long now;

    private final HostPorts hostPorts = (protocol, address, port, naming) -> {
        if (naming) {
            named.add(port);
        }
        if (taken) {
            throw EngineException.conflict("port " + port + " is in use" + (naming ? " by " + holder : ""));
        }
        return new FreePort(port);
    };

    private final PublishedPorts ports = new PublishedPorts(hostPorts, (endpoint, visitor) -> true, () -> now);

    /** It means a look at all processes. */
    @Test
    void whoHoldsATakenPortIsLookedForOnceAndNotForEachOfMany() {
        ports.restore(endpoint(ID, PORTS));
        assertThat(ports.clashes()).hasSize(PORTS);
        assertThat(named).hasSizeBetween(1, 20).contains(8000);
        named.clear();

        ports.reclaim(endpoint(ID, PORTS));
        assertThat(named).isEmpty();
        assertThat(ports.clashes())
                .hasSize(PORTS)
                .extracting(PortClash::reason)
                .startsWith("port 8000 is in use by another")
                .endsWith("port 8099 is in use");

        taken = false;
        ports.reclaim(endpoint(ID, PORTS));
        assertThat(ports.clashes()).isEmpty();
    }

    @Test
    void anotherHolderIsKnownWithinAMinuteOfEachEndpoint() {
        ports.restore(endpoint(ID, 1));
        ports.restore(endpoint(OTHER, 1));
        assertThat(ports.clashes()).extracting(PortClash::reason).containsOnly("port 8000 is in use by another");
        holder = "a third";
        now += Duration.ofMinutes(1).toNanos();
        ports.reclaim(endpoint(ID, 1));
        ports.reclaim(endpoint(OTHER, 1));
        assertThat(ports.clashes())
                .hasSize(2)
                .extracting(PortClash::reason)
                .containsOnly("port 8000 is in use by a third");
    }

    private static Endpoint endpoint(EndpointId id, int ports) {
        return JoinedEndpoint.publishing(
                id,
                List.of(new PortBinding(Protocol.TCP, Optional.empty(), new PortRange(8000, 8000 + ports - 1), 80)));
    }

    private record FreePort(int port) implements HostPorts.Reservation {
        @Override
        public void serve(Service service) {}

        @Override
        public void close() {}
    }
}
