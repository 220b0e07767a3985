package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.load.Load;
import io.jnet.testbed.load.LoadReport;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody flushes the firewall while containers run: connections live on, and new ones work again within a second. */
@SystemTest
@Tag("alone") // load and time: nothing else may run beside it
class FlushSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private LoadedServer server;

    @BeforeAll
    static void onlyForJnet() {
        assumeTrue(LAB.usesJnet(), "about jnet's own table");
    }

    @BeforeEach
    void startAServer() {
        server = LoadedServer.start(LAB);
    }

    @AfterEach
    void stopServers() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft flush ruleset", "nft delete table inet jnet", "nft delete table bridge jnet"})
    void theRulesetComesBackAndConnectionsLive(String flush) {
        String before =
                LAB.host().shell("nft --stateless list table inet jnet; nft --stateless list table bridge jnet");
        Load load = server.load();
        load.waitForConnections(100);

        LAB.host().shell(flush);
        Eventually.holds("a new connection after " + flush, AT_ONCE, server::isPublished);

        load.waitForConnections(200);
        LoadReport report = load.stop();
        System.out.println(flush + ": " + report);
        assertThat(report.streamLost()).as(load.log()).isZero();
        assertThat(LAB.host().shell("nft --stateless list table inet jnet; nft --stateless list table bridge jnet"))
                .isEqualTo(before);
        assertThat(LAB.jnet().log()).contains("the ruleset was removed by nft: installed again");
        assertThat(Probe.in(server.container()).pings(Lab.OUTSIDE_ADDRESS)).isTrue();
    }

    /** The opposite: without somebody who installs it again, it stays away. */
    @Test
    void withoutTheDaemonNobodyMendsIt() {
        LAB.jnet().pause();
        try {
            LAB.host().shell("nft delete table inet jnet");
            assertThat(server.isPublished()).isFalse();
        } finally {
            LAB.jnet().resume();
        }
        Eventually.holds("the daemon has noticed", Duration.ofSeconds(5), server::isPublished);
    }
}
