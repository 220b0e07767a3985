package io.jnet.engine;

import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.link.HostBridge;
import io.jnet.engine.network.Network;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.link.InterfaceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void admissionThatSomebodyRemovedComesBack() {
        fixture.web();
        fixture.host.admitted = false;

        fixture.host.change();

        await(() -> fixture.host.admitted);
    }

    @Test
    void hostWithoutNetworksIsLeftAlone() {
        fixture.host.bridges.add(bridge("br0", "192.0.2.1", HostBridge.Use.UPLINK));
        fixture.host.failAt(0);

        fixture.host.change();
        await(fixture.host::isWatchIdle);
        fixture.host.change();
        await(fixture.host::isWatchIdle);

        assertThat(fixture.host.requests()).isZero();
    }

    @Test
    void bridgesOfOthersAreFollowed() {
        fixture.web();
        fixture.host.bridges.add(bridge("br0", "192.0.2.1", HostBridge.Use.UPLINK));
        fixture.host.bridges.add(bridge("docker0", "172.17.0.1", HostBridge.Use.GUESTS));
        fixture.host.bridges.add(bridge("jbr-aaaa1111aaa", "10.1.0.1", HostBridge.Use.GUESTS));

        fixture.host.change();
        await(() -> fixture.host.firewall.dump().contains("uplink_bridges"));
        assertThat(fixture.host.firewall.dump())
                .contains("uplink_bridges { \"br0\" }")
                .doesNotContain("docker0", "172.17.0.1");

        fixture.host.bridges.clear();
        fixture.host.change();
        await(() -> !fixture.host.firewall.dump().contains("uplink_bridges"));
    }

    @Test
    void rulesetThatSomebodyRemovedComesBackWithItsPorts() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        String before = fixture.host.firewall.dump();
        fixture.host.firewall.uninstall();

        fixture.host.change();

        await(() -> fixture.host.firewall.dump().equals(before));
    }

    @Test
    void endpointWhoseLinkVanishedIsForgottenAndAnotherOneIsNot() {
        fixture.web();
        Endpoint gone = fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.host.links.remove(gone.hostLink().value());

        fixture.host.change();

        await(() -> fixture.engine().endpoints().size() == 1);
        assertThat(fixture.engine().endpoint("fedc").id()).isEqualTo(TWO);
        assertThat(fixture.host.published()).isEmpty();
        assertThat(fixture.host.ports).isEmpty();
    }

    /** Whoever keeps addresses for endpoints looks then, and must not find the endpoint any more. */
    @Test
    void aVanishedEndpointIsToldOnceItIsGone() {
        fixture.web();
        Endpoint gone = fixture.joined(ONE, "10.1.0.2/24");
        Queue<Integer> left = new ConcurrentLinkedQueue<>();
        fixture.engine()
                .onRemovedEndpoint(() -> left.add(fixture.engine().endpoints().size()));
        fixture.host.links.remove(gone.hostLink().value());

        fixture.host.change();

        await(() -> !left.isEmpty());
        assertThat(left).containsExactly(0);
    }

    /** dockerd forgets a network whose removal has failed, and nobody else asks for it again. */
    @Test
    void aRemovalThatFailedIsTriedAgain() {
        for (int request = 1; request <= 3; request++) {
            fixture.web();
            fixture.host.failAt(request);
            assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB)).hasMessageContaining("injected");

            await(() -> fixture.engine().networks().isEmpty() && fixture.host.links.isEmpty());
            assertThat(fixture.host.admitted).isFalse();
        }
    }

    /** dockerd has forgotten the first, so another one may have its subnet. */
    @Test
    void aRemovalThatIsTriedAgainLeavesASuccessorItsRules() {
        fixture.web();
        fixture.host.deaf = true;
        fixture.host.failAt(1);
        assertThatThrownBy(() -> fixture.engine().deleteNetwork(WEB)).hasMessageContaining("injected");
        fixture.host.failAt(0);
        fixture.engine().createNetwork(EngineFixture.spec(EngineFixture.DB, "10.1.0.1/24"));

        fixture.host.change();

        await(() -> fixture.engine().networks().size() == 1);
        assertThat(fixture.host.firewall.dump())
                .contains("10.1.0.0/24", "jbr-bbbb2222bbb")
                .doesNotContain("jbr-aaaa1111aaa");
        assertThat(fixture.host.links).containsOnlyKeys("jbr-bbbb2222bbb");
    }

    /** Its creation failed, and so did what was to take it back. */
    @Test
    void aNetworkThatIsHalfMadeKeepsNobodyFromItsPlace() {
        fixture.host.deaf = true;
        fixture.host.failNext("admit", "remove bridge");
        assertThatThrownBy(() -> fixture.web()).hasMessageContaining("injected");
        assertThat(fixture.engine().networks()).hasSize(1);

        fixture.engine().createNetwork(EngineFixture.spec(EngineFixture.DB, "10.1.0.1/24"));
        assertThat(fixture.engine().networks()).extracting(Network::id).containsExactly(EngineFixture.DB);
        assertThat(fixture.host.links).containsOnlyKeys("jbr-bbbb2222bbb");
    }

    /** No change of the host tells of it. */
    @Test
    void anEndpointWhoseRemovalFailedIsRemoved() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.failAt(1);
        assertThatThrownBy(() -> fixture.engine().deleteEndpoint(WEB, ONE)).hasMessageContaining("injected");

        await(() -> fixture.engine().endpoints().isEmpty());
        assertThat(fixture.host.links).containsOnlyKeys("jbr-aaaa1111aaa");
    }

    /** A runtime that was killed gives the addresses of its containers away while the kernel still ends their namespaces. */
    @Test
    void whatAContainerHadWhoseNamespaceIsEndingIsWaitedFor() throws InterruptedException {
        fixture.web();
        Endpoint ending = fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().join(WEB, ONE, directory.resolve("ended").toString());
        fixture.host.links.remove(ending.peerLink().value());
        Queue<Endpoint> made = new ConcurrentLinkedQueue<>();
        Thread next = new Thread(() -> made.add(fixture.endpoint(TWO, "10.1.0.2/24")));
        next.start();
        await(() -> next.getState() == Thread.State.TIMED_WAITING);

        fixture.host.links.remove(ending.hostLink().value());

        next.join();
        assertThat(made).extracting(Endpoint::id).containsExactly(TWO);
    }

    /** Docker before 28 has the ports published before the namespace is where it will be: a port that is taken must not take seconds to refuse. */
    @Test
    void whatAContainerHasThatIsBeingStartedIsNotWaitedFor() {
        fixture.web();
        fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().join(WEB, ONE, directory.resolve("coming").toString());
        int before = fixture.host.looks.get();
        assertThatThrownBy(() -> fixture.endpoint(TWO, "10.1.0.2/24")).hasMessageContaining("belongs to endpoint");
        assertThat(fixture.host.looks.get() - before)
                .as("looks, of which waiting takes many")
                .isLessThan(8);
    }

    @Test
    void whatALivingContainerHasIsNotWaitedFor() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        assertThatThrownBy(() -> fixture.endpoint(TWO, "10.1.0.2/24"))
                .hasMessageContaining("belongs to endpoint " + ONE + ": see jnet endpoint ls");
        assertThat(fixture.engine().endpoints()).hasSize(1);
    }

    @Test
    void failureDoesNotEndTheWatch() {
        fixture.web();
        fixture.host.failAt(1);
        fixture.host.change();
        await(() -> fixture.host.requests() > 0);
        fixture.host.admitted = false;

        fixture.host.change();

        await(() -> fixture.host.admitted);
    }

    private static HostBridge bridge(String name, String address, HostBridge.Use use) {
        return new HostBridge(new InterfaceName(name), Set.of(IpAddress.parse(address)), use);
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("condition within %s", PATIENCE).isBefore(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
