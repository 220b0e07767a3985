package io.jnet.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessAgeTest {

    @Test
    void counts_from_the_22nd_field_whatever_the_name_holds() {
        String stat = "7 (a) b c) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";
        assertThat(ProcessAge.between(stat, "125.45 200.00\n")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void this_process_is_young() {
        assertThat(ProcessAge.now()).isBetween(Duration.ofMillis(1), Duration.ofHours(1));
    }
}
