package io.jnet.engine.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.FakeHost;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.HostPorts;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PortChoiceTest {
    private static final Optional<IpAddress> FOUR = Optional.of(IpAddress.parse("0.0.0.0"));
    private static final Optional<IpAddress> SIX = Optional.of(IpAddress.parse("::"));
    private static final Optional<PortRange> RANGE = Optional.of(new PortRange(8000, 8003));

    private final FakeHost host = new FakeHost();
    private final HostPorts ports = host.connect().ports();

    @Test
    void requestsThatDifferInTheAddressOnlyGetTheSamePort() {
        ports.reserve(Protocol.TCP, SIX, 32768);
        ports.reserve(Protocol.TCP, FOUR, 8000);
        ports.reserve(Protocol.TCP, SIX, 8001);

        assertThat(hostPorts(PortChoice.assign(
                        List.of(tcp(FOUR, Optional.empty(), 80), tcp(SIX, Optional.empty(), 80)), List.of(), ports)))
                .containsExactly(32769, 32769);
        assertThat(hostPorts(PortChoice.assign(List.of(tcp(SIX, RANGE, 80), tcp(FOUR, RANGE, 80)), List.of(), ports)))
                .containsExactly(8002, 8002);
    }

    @Test
    void whatIsHeldIsKept() {
        List<PortRequest> requests =
                List.of(tcp(FOUR, Optional.empty(), 80), tcp(SIX, Optional.empty(), 80), tcp(FOUR, RANGE, 81));
        List<PortAssignment> held = PortChoice.assign(requests, List.of(), ports);
        String before = host.dump();

        assertThat(PortChoice.assign(requests, held, ports)).containsExactlyInAnyOrderElementsOf(held);
        assertThat(host.dump()).isEqualTo(before);
    }

    @Test
    void aCertainPortComesBeforeARange() {
        assertThat(hostPorts(PortChoice.assign(
                        List.of(tcp(FOUR, RANGE, 80), tcp(FOUR, Optional.of(PortRange.of(8000)), 81)),
                        List.of(),
                        ports)))
                .containsExactly(8000, 8001);
    }

    @Test
    void whenOneIsTakenNothingIsReserved() {
        ports.reserve(Protocol.TCP, FOUR, 8003);
        String before = host.dump();

        assertThatThrownBy(() -> PortChoice.assign(
                        List.of(
                                tcp(FOUR, Optional.of(PortRange.of(8002)), 80),
                                tcp(SIX, Optional.of(PortRange.of(8003)), 81),
                                tcp(FOUR, Optional.of(PortRange.of(8003)), 81)),
                        List.of(),
                        ports))
                .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.CONFLICT));
        assertThat(host.dump()).isEqualTo(before);
    }

    @Test
    void arangeWithoutAFreePortIsExhausted() {
        IntStream.rangeClosed(8000, 8003).forEach(port -> ports.reserve(Protocol.TCP, SIX, port));

        assertThatThrownBy(
                        () -> PortChoice.assign(List.of(tcp(FOUR, RANGE, 80), tcp(SIX, RANGE, 80)), List.of(), ports))
                .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.EXHAUSTED))
                .hasMessageContaining("8000-8003/tcp");
    }

    /** Quadratic in the number of ports, this took minutes. */
    @Test
    @Timeout(60)
    void manyPortsAreChosenAndKeptInTimeInProportion() {
        HostPorts free = (protocol, address, port, naming) -> new Free(port);
        List<PortRequest> requests = IntStream.rangeClosed(1024, 61_023)
                .mapToObj(port -> tcp(FOUR, Optional.of(PortRange.of(port)), port))
                .toList();
        List<PortAssignment> held = PortChoice.assign(requests, List.of(), free);

        assertThat(PortChoice.assign(requests, held, free)).isEqualTo(held);
    }

    private record Free(int port) implements HostPorts.Reservation {
        @Override
        public void serve(io.jnet.engine.relay.Service service) {}

        @Override
        public void close() {}
    }

    private static List<Integer> hostPorts(List<PortAssignment> assignments) {
        return assignments.stream().map(PortAssignment::hostPort).toList();
    }

    private static PortRequest tcp(Optional<IpAddress> address, Optional<PortRange> hostPorts, int containerPort) {
        return new PortRequest(Protocol.TCP, address, hostPorts, containerPort);
    }
}
