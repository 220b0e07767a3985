package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switching forwarding on and back overwrites other settings of the host: those are what they were afterwards. */
class HostPreparationTest {
    private static final String REDIRECTS = "net/ipv4/conf/all/accept_redirects";
    private static final String ETH0_IPV4 = "net/ipv4/conf/eth0/forwarding";
    private static final String ETH0_IPV6 = "net/ipv6/conf/eth0/forwarding";

    @TempDir
    private Path directory;

    @Test
    void hardenedHostIsWhatItWas() {
        try (EngineFixture fixture = hardened("whole")) {
            String before = fixture.host.dump();
            start(fixture);
            assertThat(fixture.host.settings).containsEntry(REDIRECTS, "0").containsEntry(ETH0_IPV6, "1");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void onlyWhatJnetChangedItselfIsListed() {
        try (EngineFixture fixture = hardened("status")) {
            start(fixture);

            assertThat(fixture.engine().status().hostChanges())
                    .extracting(Status.HostChange::setting)
                    .containsExactly("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding");
        }
    }

    @Test
    void nextNetworkBeginsAnew() {
        try (EngineFixture fixture = hardened("again")) {
            start(fixture);
            fixture.engine().deleteNetwork(WEB);
            fixture.host.settings.put(REDIRECTS, "1");
            fixture.host.settings.put(ETH0_IPV6, "0");
            String before = fixture.host.dump();

            start(fixture);
            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.dump()).isEqualTo(before);
        }
    }

    @Test
    void whatSomebodyElseChangedMeanwhileIsTheirs() {
        try (EngineFixture fixture = hardened("theirs")) {
            start(fixture);
            fixture.host.settings.put(REDIRECTS, "1");
            fixture.host.settings.put(ETH0_IPV4, "0");
            fixture.host.settings.put(ETH0_IPV6, "0");

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings)
                    .containsEntry(REDIRECTS, "1")
                    .containsEntry(ETH0_IPV4, "0")
                    .containsEntry(ETH0_IPV6, "0");
        }
    }

    @Test
    void interfaceThatWentMeanwhileIsNoObstacle() {
        try (EngineFixture fixture = hardened("gone")) {
            start(fixture);
            fixture.host.settings.keySet().removeIf(key -> key.contains("eth0"));

            fixture.engine().deleteNetwork(WEB);

            assertThat(fixture.host.settings)
                    .containsEntry(REDIRECTS, "0")
                    .containsEntry("net/ipv6/conf/all/forwarding", "0")
                    .doesNotContainKeys(ETH0_IPV4, ETH0_IPV6);
            assertThat(fixture.engine().status().hostChanges()).isEmpty();
        }
    }

    @Test
    void switchThatFailedAfterItWasRecordedLeavesNothing() {
        // Requests of a join on this network: a write for each family, then the link.
        for (int n = 1; n <= 3; n++) {
            try (EngineFixture fixture = hardened("on" + n)) {
                String before = fixture.host.dump();
                fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
                fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");
                fixture.host.failAt(n);
                assertThatThrownBy(() -> fixture.engine().join(WEB, ONE, "sandbox"))
                        .hasMessageContaining("injected");
                fixture.host.failAt(0);
                fixture.restart();

                fixture.engine().deleteNetwork(WEB);

                assertThat(fixture.host.dump()).isEqualTo(before);
            }
        }
    }

    @Test
    void switchBackThatFailedIsFinishedAtTheNextStart() {
        int requests = Integer.MAX_VALUE;
        for (int n = 0; n <= requests; n++) {
            try (EngineFixture fixture = hardened("back" + n)) {
                String before = fixture.host.dump();
                start(fixture);
                fixture.host.failAt(n);
                if (n == 0) {
                    fixture.engine().deleteNetwork(WEB);
                    requests = fixture.host.requests();
                } else {
                    assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB))
                            .hasMessageContaining("injected");
                }
                fixture.host.failAt(0);

                fixture.restart();

                assertThat(fixture.host.dump()).as("request " + n + " failed").isEqualTo(before);
                assertThat(fixture.engine().networks()).isEmpty();
            }
        }
        assertThat(requests).as("kernel requests, five settings among them").isGreaterThan(5);
    }

    /** A host that takes no redirects, and forwards on one interface though not on all. */
    private EngineFixture hardened(String name) {
        EngineFixture fixture = new EngineFixture(directory.resolve(name));
        fixture.host.settings.put(REDIRECTS, "0");
        fixture.host.settings.put(ETH0_IPV4, "1");
        fixture.host.settings.put(ETH0_IPV6, "1");
        return fixture;
    }

    private static void start(EngineFixture fixture) {
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");
    }
}
