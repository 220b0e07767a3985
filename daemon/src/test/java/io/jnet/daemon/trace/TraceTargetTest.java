package io.jnet.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.daemon.terminal.WrongUsageException;
import io.jnet.netlink.socket.TransportProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTargetTest {
    @Test
    void readsAddressesNamesPortsAndProtocols() {
        assertThat(TraceTarget.parse("198.51.100.10:8080"))
                .isEqualTo(new TraceTarget("198.51.100.10", 8080, TransportProtocol.TCP));
        assertThat(TraceTarget.parse("[2001:db8::1]:53/udp"))
                .isEqualTo(new TraceTarget("2001:db8::1", 53, TransportProtocol.UDP));
        assertThat(TraceTarget.parse("web-1:65535/tcp"))
                .isEqualTo(new TraceTarget("web-1", 65535, TransportProtocol.TCP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web",
                "web:",
                "web:0",
                "web:65536",
                "web:99999",
                "web:80/sctp",
                "2001:db8::1:80",
                ":80",
                "a b:80",
                "web:80; flush ruleset"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> TraceTarget.parse(text))
                .isInstanceOf(WrongUsageException.class)
                .hasMessageStartingWith("invalid target");
    }
}
