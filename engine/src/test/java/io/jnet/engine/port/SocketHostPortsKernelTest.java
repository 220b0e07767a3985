package io.jnet.engine.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.HostPorts.Reservation;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.DescriptorLimit;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@KernelTest
class SocketHostPortsKernelTest {
    private static final Optional<IpAddress> EVERY = Optional.empty();

    private final SocketHostPorts ports = new SocketHostPorts();
    private final List<Reservation> reserved = new ArrayList<>();

    @AfterEach
    void close() {
        reserved.forEach(Reservation::close);
        ports.close();
    }

    /** The limit of this process is lowered for a moment. */
    @Test
    void beyondTheLimitOfOpenFilesThePortIsRefusedWithTheLimit() {
        long before = DescriptorLimit.current();
        limit(600);
        try {
            assertThatThrownBy(() -> {
                        for (int port = 20_000; port < 21_000; port++) {
                            reserved.add(ports.reserve(Protocol.UDP, EVERY, port));
                        }
                    })
                    .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                            .isEqualTo(ErrorCode.EXHAUSTED))
                    .hasMessageContaining("600")
                    .hasMessageContaining("LimitNOFILE");
            assertThat(reserved).as("reserved before").isNotEmpty();
        } finally {
            limit(before);
        }
        reserved.add(ports.reserve(Protocol.UDP, EVERY, 20_999));
    }

    /** All processes are looked at to find the holder: not for each port of a range. */
    @Test
    void theHolderIsNamedWhereOneMayBeToldOnly() {
        Optional<IpAddress> one = Optional.of(IpAddress.parse("127.0.0.1"));
        reserved.add(ports.reserve(Protocol.UDP, EVERY, 9898));
        String self = "pid " + ProcessHandle.current().pid();
        assertThatThrownBy(() -> ports.reserve(Protocol.UDP, EVERY, 9898)).hasMessageContaining(self);
        for (Optional<IpAddress> address : List.of(EVERY, one)) {
            assertThatThrownBy(() -> ports.reserve(Protocol.UDP, address, 9898, false))
                    .hasMessageEndingWith("is in use");
        }
        reserved.remove(0).close();
        reserved.add(ports.reserve(Protocol.UDP, EVERY, 9898, false));
    }

    @Test
    void sctpPortsAreReservedWhateverTheKernelHas() {
        Optional<IpAddress> one = Optional.of(IpAddress.parse("127.0.0.1"));
        Optional<IpAddress> other = Optional.of(IpAddress.parse("127.0.0.2"));
        reserved.add(ports.reserve(Protocol.SCTP, one, 9899));
        reserved.add(ports.reserve(Protocol.SCTP, other, 9899));
        reserved.add(ports.reserve(Protocol.TCP, one, 9899));
        assertThatThrownBy(() -> ports.reserve(Protocol.SCTP, EVERY, 9899))
                .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("9899/sctp");
        Reservation chosen = ports.reserve(Protocol.SCTP, EVERY, HostPorts.EPHEMERAL);
        Reservation next = ports.reserve(Protocol.SCTP, EVERY, HostPorts.EPHEMERAL);
        reserved.addAll(List.of(chosen, next));
        assertThat(chosen.port()).isGreaterThan(1023).isNotEqualTo(next.port());

        reserved.remove(0).close();
        reserved.add(ports.reserve(Protocol.SCTP, one, 9899));
    }

    private static void limit(long files) {
        Commands.run("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), "--nofile=" + files + ":");
    }
}
