package io.jnet.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {
    private static final long NET_ADMIN = 0x1000;
    private static final long SYS_ADMIN = 0x200000;
    private static final List<Capability> BOTH = List.of(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN);

    @Test
    void reads_the_field_as_the_kernel_writes_it() {
        assertThat(Capabilities.parse(List.of("CapPrm:\t0000000000000000", "CapEff:\t000001ffffffffff")))
                .isEqualTo(0x1ffffffffffL);
        assertThat(Capabilities.parse(List.of("CapEff:\tffffffffffffffff"))).isEqualTo(-1L);
        assertThatExceptionOfType(HostException.class).isThrownBy(() -> Capabilities.parse(List.of("Name:\tjava")));
    }

    @Test
    void what_is_needed_is_enough() {
        assertThatCode(() -> Capabilities.require("the daemon", List.of(Capability.CAP_NET_ADMIN), NET_ADMIN))
                .doesNotThrowAnyException();
        assertThatCode(() -> Capabilities.require("the daemon", BOTH, NET_ADMIN | SYS_ADMIN))
                .doesNotThrowAnyException();
    }

    @Test
    void names_what_is_missing() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> Capabilities.require("the daemon", BOTH, 0))
                .withMessage("the daemon lacks CAP_NET_ADMIN and CAP_SYS_ADMIN: run it as root");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> Capabilities.require("the daemon", BOTH, NET_ADMIN))
                .withMessage("the daemon lacks CAP_SYS_ADMIN: run it as root");
    }
}
