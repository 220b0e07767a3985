package io.jnet.engine.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void theHostsEndHasAHighAddressThatIsNotTheContainers() {
        assertThat(JoinedEndpoint.withMac("02:42:0a:01:00:02").hostMac()).hasToString("fe:42:0a:01:00:02");
        assertThat(JoinedEndpoint.withMac("fe:42:0a:01:00:02").hostMac()).hasToString("f6:42:0a:01:00:02");
        assertThat(JoinedEndpoint.withMac("f6:42:0a:01:00:02").hostMac()).hasToString("fe:42:0a:01:00:02");
    }
}
