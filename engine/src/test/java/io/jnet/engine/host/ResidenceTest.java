package io.jnet.engine.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the second of two engines says of the first. */
class ResidenceTest {
    private static final String END = ", or start this one in a network namespace of its own";

    @Test
    void namesTheProcessAsItIsSeenFromHere() {
        Residence plugin = new Residence("Docker's managed plugin", "disable it", Path.of("/host/proc/sys"));
        assertThat(Residence.conflict(plugin.toText(), 77))
                .isEqualTo("Docker's managed plugin, process 77, works in this network namespace: disable it" + END);
    }

    @Test
    void namesTheProcessAsItCountsItselfWhereItIsNotSeen() {
        assertThat(Residence.conflict("another jnet daemon\nstop it\n2345", 0))
                .isEqualTo("another jnet daemon, process 2345, works in this network namespace: stop it" + END);
        assertThat(Residence.conflict("another jnet daemon\nstop it\n1", 0))
                .isEqualTo("another jnet daemon works in this network namespace: stop it" + END);
    }

    @Test
    void takesOneThatSaysNothingForADaemon() {
        assertThat(Residence.conflict("", 77))
                .isEqualTo("another jnet daemon, process 77, works in this network namespace: stop it" + END);
        assertThat(Residence.conflict("", 0))
                .isEqualTo("another jnet daemon works in this network namespace: stop it" + END);
    }
}
