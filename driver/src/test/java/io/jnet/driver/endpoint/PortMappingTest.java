package io.jnet.driver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.driver.protocol.PublishedPort;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PortMappingTest {

    @Test
    void a_port_of_every_address() {
        assertThat(map(new PublishedPort(6, 80, "", 8080, 8080)))
                .isEqualTo(new PortRequest(Protocol.TCP, Optional.empty(), Optional.of(PortRange.of(8080)), 80));
    }

    @Test
    void a_port_of_one_address_of_either_family() {
        assertThat(map(new PublishedPort(17, 53, "192.0.2.1", 53, 53)).hostAddress())
                .contains(IpAddress.parse("192.0.2.1"));
        assertThat(map(new PublishedPort(132, 53, "::", 53, 53)).hostAddress()).contains(IpAddress.parse("::"));
        assertThat(map(new PublishedPort(6, 53, "0.0.0.0", 53, 53)).hostAddress())
                .contains(IpAddress.parse("0.0.0.0"));
    }

    @Test
    void no_host_port_means_any() {
        assertThat(map(new PublishedPort(6, 80, "", 0, 0)).hostPorts()).isEmpty();
    }

    @Test
    void a_range_means_one_of_it_and_a_missing_end_means_one_port() {
        assertThat(map(new PublishedPort(6, 80, "", 8000, 8010)).hostPorts()).contains(new PortRange(8000, 8010));
        assertThat(map(new PublishedPort(6, 80, "", 8000, 0)).hostPorts()).contains(PortRange.of(8000));
    }

    @Test
    void a_repeated_element_counts_once() {
        PublishedPort port = new PublishedPort(6, 80, "", 8080, 8080);
        assertThat(PortMapping.toRequests(List.of(port, port))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0, '', 80, 80",
        "6, 65536, '', 80, 80",
        "6, -1, '', 80, 80",
        "6, 80, '', 65536, 65536",
        "6, 80, '', 8010, 8000",
        "6, 80, '', 0, 8000",
        "6, 80, '', -1, 0",
        "1, 80, '', 80, 80",
        "0, 80, '', 80, 80",
        "6, 80, 'localhost', 80, 80",
        "6, 80, '1.2.3', 80, 80",
        "6, 80, 'fe80::1%eth0', 80, 80",
    })
    void what_is_no_port_is_refused(int proto, int port, String hostIp, int hostPort, int hostPortEnd) {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> map(new PublishedPort(proto, port, hostIp, hostPort, hostPortEnd)))
                .withMessageNotContainingAny("\n")
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
    }

    private static PortRequest map(PublishedPort port) {
        return PortMapping.toRequests(List.of(port)).get(0);
    }
}
