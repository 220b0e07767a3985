package io.jnet.engine;

import static io.jnet.engine.EngineFixture.DB;
import static io.jnet.engine.EngineFixture.ONE;
import static io.jnet.engine.EngineFixture.TWO;
import static io.jnet.engine.EngineFixture.WEB;
import static io.jnet.engine.EngineFixture.endpointSpec;
import static io.jnet.engine.EngineFixture.spec;
import static io.jnet.engine.EngineFixture.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.endpoint.Attachment;
import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.engine.network.Network;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortBinding;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.PortRequest;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredEngineTest {
    @TempDir
    private Path directory;

    private EngineFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EngineFixture(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void bridgeIsNamedAfterTheNetworkAndKeepsItsMac() {
        Network network = fixture.web();

        assertThat(network.bridge()).hasToString("jbr-aaaa1111aaa");
        assertThat(network.bridgeMac().toString()).startsWith("02:");
        assertThat(fixture.engine().network(WEB.value()).bridgeMac()).isEqualTo(network.bridgeMac());
    }

    @Test
    void repeatedCreateChangesNothingAndAnotherOneOfTheIdIsRefused() {
        Network network = fixture.web();
        String before = fixture.host.dump();

        assertThat(fixture.web()).isEqualTo(network);
        assertThat(fixture.host.dump()).isEqualTo(before);
        assertRefused(
                ErrorCode.CONFLICT, () -> fixture.engine().createNetwork(spec(WEB, "10.2.0.1/24")), "other properties");
    }

    @Test
    void overlappingSubnetIsRefusedWithBothNamed() {
        fixture.web();

        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.engine().createNetwork(spec(DB, "10.1.0.129/25")),
                "10.1.0.128/25 overlaps 10.1.0.0/24");
    }

    @Test
    void hostIsWhatItWasAfterTheLastNetworkWentWithEverythingOnIt() {
        String before = fixture.host.dump();
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.engine().createNetwork(spec(DB, "10.2.0.1/24"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        assertThat(fixture.host.settings).containsEntry("net/ipv6/conf/eth0/force_forwarding", "1");

        fixture.engine().deleteNetwork(DB);
        assertThat(fixture.host.firewall.owner()).isPresent();
        fixture.engine().deleteNetwork(WEB);

        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(fixture.engine().endpoints()).isEmpty();
        assertThat(fixture.engine().networks()).isEmpty();
    }

    @Test
    void bridgeNameOfAnotherLinkIsRefusedBeforeAnyRuleKnowsIt() {
        fixture.host.links.put("jbr-aaaa1111aaa", "an uplink");
        String before = fixture.host.dump();

        assertRefused(ErrorCode.CONFLICT, fixture::web, "link jbr-aaaa1111aaa exists and is not this network's");

        assertThat(fixture.host.dump()).isEqualTo(before);
        assertThat(fixture.engine().networks()).isEmpty();
        assertThat(fixture.host.everKnownBridges).doesNotContain("jbr-aaaa1111aaa");
    }

    @Test
    void repeatedJoinOfAMovedLinkLeavesTheContainerItsLink() {
        fixture.web();
        Endpoint endpoint = fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.links.remove(endpoint.peerLink().value());
        String before = fixture.host.dump();

        fixture.engine().join(WEB, ONE, EngineFixture.sandbox(ONE));

        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void settingThatSomebodyElseChangedSinceIsLeftAlone() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.host.settings.put("net/ipv4/ip_forward", "2");

        fixture.engine().deleteNetwork(WEB);

        assertThat(fixture.host.settings).containsEntry("net/ipv4/ip_forward", "2");
    }

    @Test
    void internalNetworkNeedsNoForwardingAndGivesNoGateway() {
        fixture.engine()
                .createNetwork(spec(WEB, Set.of(NetworkFlag.INTERNAL, NetworkFlag.INTER_CONTAINER), "10.1.0.1/24"));
        fixture.endpoint(ONE, "10.1.0.2/24");

        Attachment attachment = fixture.engine().join(WEB, ONE, "sandbox");

        assertThat(fixture.host.settings).containsEntry("net/ipv4/ip_forward", "0");
        assertThat(attachment.gateway()).isEmpty();
        assertThat(fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)))).isEmpty();
    }

    @Test
    void joinGivesTheLinkToMoveAndTheGateways() {
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        Endpoint endpoint = fixture.endpoint(ONE, "10.1.0.2/24", "fd00:1::2/64");

        Attachment attachment = fixture.engine().join(WEB, ONE, "sandbox");

        assertThat(endpoint.hostLink()).hasToString("jv1234567890abc");
        assertThat(attachment.link()).isEqualTo(endpoint.peerLink());
        assertThat(attachment.gateway()).contains(IpAddress.parse("10.1.0.1"));
        assertThat(attachment.gatewayIpv6()).contains(IpAddress.parse("fd00:1::1"));
        assertThat(fixture.engine().endpoint("1234").state()).isEqualTo(EndpointState.JOINED);
    }

    @Test
    void repeatedJoinAnswersTheSameAndBuildsNothing() {
        fixture.web();
        fixture.endpoint(ONE, "10.1.0.2/24");
        Attachment first = fixture.engine().join(WEB, ONE, "sandbox");
        fixture.host.failAt(1);

        assertThat(fixture.engine().join(WEB, ONE, "sandbox")).isEqualTo(first);
    }

    @Test
    void addressThatComesAgainBringsItsMacAgain() {
        fixture.web();
        Endpoint first = fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.engine().deleteEndpoint(WEB, ONE);

        assertThat(fixture.endpoint(TWO, "10.1.0.2/24").mac()).isEqualTo(first.mac());
        assertThat(fixture.endpoint(ONE, "10.1.0.3/24").mac()).isNotEqualTo(first.mac());
    }

    @Test
    void addressOfALivingEndpointIsRefusedAndThatOfAnAbandonedOneIsTakenOver() {
        fixture.web();
        Endpoint living = fixture.joined(ONE, "10.1.0.2/24");
        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.endpoint(TWO, "10.1.0.2/24"),
                "10.1.0.2/24 belongs to endpoint " + ONE);

        fixture.host.links.remove(living.hostLink().value());

        assertThat(fixture.endpoint(TWO, "10.1.0.2/24").id()).isEqualTo(TWO);
        assertThat(fixture.engine().endpoints()).extracting(Endpoint::id).containsExactly(TWO);
    }

    @Test
    void addressOutsideTheNetworkOrOfTheGatewayIsRefused() {
        fixture.web();

        assertRefused(
                ErrorCode.INVALID_REQUEST, () -> fixture.endpoint(ONE, "10.9.0.2/24"), "10.9.0.2/24 is in no subnet");
        assertRefused(ErrorCode.CONFLICT, () -> fixture.endpoint(ONE, "10.1.0.1/24"), "is the gateway");
        for (String end : List.of("10.1.0.0/24", "10.1.0.255/24")) {
            assertRefused(
                    ErrorCode.INVALID_REQUEST, () -> fixture.endpoint(ONE, end), end + " is the network or broadcast");
        }
    }

    @Test
    void unknownIsAnErrorForWhatNeedsItAndSuccessForDeletes() {
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.endpoint(ONE, "10.1.0.2/24"), "no network " + WEB);
        fixture.web();
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.engine().join(WEB, ONE, "sandbox"), "no endpoint " + ONE);
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.engine().publish(WEB, ONE, List.of()), "no endpoint " + ONE);

        fixture.engine().unpublish(WEB, ONE);
        fixture.engine().leave(WEB, ONE);
        fixture.engine().deleteEndpoint(WEB, ONE);
        fixture.engine().deleteNetwork(DB);
    }

    @Test
    void portIsPublishedOnBothFamiliesOfADualStackContainer() {
        fixture.engine().createNetwork(spec(WEB, "10.1.0.1/24", "fd00:1::1/64"));
        fixture.joined(ONE, "10.1.0.2/24", "fd00:1::2/64");

        assertThat(fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80))))
                .containsExactly(new PortBinding(Protocol.TCP, Optional.empty(), PortRange.of(8080), 80));

        assertThat(fixture.host.published()).hasSize(2);
        assertThat(fixture.host.ports).containsExactly("8080/tcp *");
    }

    @Test
    void runOfPortsThatStayTheSameBecomesOneBinding() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        List<PortRequest> requests = new ArrayList<>();
        for (int port = 20000; port < 21000; port++) {
            requests.add(tcp(port, port));
        }
        requests.add(tcp(8080, 80));

        assertThat(fixture.engine().publish(WEB, ONE, requests))
                .containsExactlyInAnyOrder(
                        new PortBinding(Protocol.TCP, Optional.empty(), new PortRange(20000, 20999), 20000),
                        new PortBinding(Protocol.TCP, Optional.empty(), PortRange.of(8080), 80));
        assertThat(fixture.host.ports).hasSize(1001);
    }

    @Test
    void repeatedPublishKeepsAChosenPortAndRulesAsTheyAre() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        List<PortRequest> any = List.of(new PortRequest(Protocol.TCP, Optional.empty(), Optional.empty(), 80));
        List<PortBinding> first = fixture.engine().publish(WEB, ONE, any);
        String before = fixture.host.dump();

        assertThat(fixture.engine().publish(WEB, ONE, any)).isEqualTo(first);
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void publishReplacesWhatWasPublishedBefore() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80), tcp(8081, 81)));

        fixture.engine().publish(WEB, ONE, List.of(tcp(8081, 81), tcp(8082, 82)));

        assertThat(fixture.host.ports).containsExactly("8081/tcp *", "8082/tcp *");
        assertThat(fixture.host.published()).hasSize(2);
    }

    @Test
    void takenPortIsRefusedByNameBeforeAnythingChanges() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        String before = fixture.host.dump();

        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.engine().publish(WEB, TWO, List.of(tcp(8081, 81), tcp(8080, 80))),
                "port 8080/tcp on 0.0.0.0 and :: is already published by endpoint " + ONE);
        assertThat(fixture.host.dump()).isEqualTo(before);
    }

    @Test
    void portOfAnEndpointWhoseContainerVanishedIsTakenOver() {
        fixture.web();
        Endpoint gone = fixture.joined(ONE, "10.1.0.2/24");
        fixture.joined(TWO, "10.1.0.3/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));
        fixture.host.links.remove(gone.hostLink().value());

        assertThat(fixture.engine().publish(WEB, TWO, List.of(tcp(8080, 80)))).hasSize(1);
        assertThat(fixture.host.published()).singleElement().asString().contains("10.1.0.3");
    }

    @Test
    void exactPortComesBeforeARangeThatHoldsIt() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        PortRequest range = new PortRequest(Protocol.TCP, Optional.empty(), Optional.of(new PortRange(8000, 8001)), 80);

        assertThat(fixture.engine().publish(WEB, ONE, List.of(range, tcp(8000, 81))))
                .extracting(PortBinding::hostPorts)
                .containsExactly(PortRange.of(8000), PortRange.of(8001));
    }

    @Test
    void oneOfManyAtOnceGetsThePort() throws Exception {
        fixture.web();
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            var id = new io.jnet.engine.endpoint.EndpointId(String.format("%064x", i + 1));
            fixture.joined(id, "10.1.0." + (i + 2) + "/24");
            attempts.add(() -> {
                try {
                    synchronized (fixture.host) {
                        fixture.engine().publish(WEB, id, List.of(tcp(8080, 80)));
                    }
                    return true;
                } catch (EngineException refused) {
                    return false;
                }
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        int won = 0;
        for (Future<Boolean> attempt : pool.invokeAll(attempts)) {
            won += attempt.get() ? 1 : 0;
        }
        pool.shutdown();

        assertThat(won).isEqualTo(1);
        assertThat(fixture.host.ports).containsExactly("8080/tcp *");
    }

    @Test
    void leaveWithdrawsPortsAndDeleteTheLinks() {
        fixture.web();
        fixture.joined(ONE, "10.1.0.2/24");
        fixture.engine().publish(WEB, ONE, List.of(tcp(8080, 80)));

        fixture.engine().leave(WEB, ONE);
        assertThat(fixture.host.ports).isEmpty();
        assertThat(fixture.host.links).hasSize(3);

        fixture.engine().deleteEndpoint(WEB, ONE);
        assertThat(fixture.host.links).hasSize(1);
    }

    @Test
    void ambiguousAndUnknownReferencesAreRefused() {
        fixture.web();
        fixture.endpoint(ONE, "10.1.0.2/24");
        fixture.endpoint(new io.jnet.engine.endpoint.EndpointId("12ff".repeat(16)), "10.1.0.3/24");

        assertRefused(ErrorCode.CONFLICT, () -> fixture.engine().endpoint("12"), "ambiguous");
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.engine().endpoint("zz"), "no endpoint \"zz\"");
        assertRefused(ErrorCode.NOT_FOUND, () -> fixture.engine().endpoint(""), "no endpoint");
        assertThat(fixture.engine().endpoint("123").id()).isEqualTo(ONE);
    }

    @Test
    void createdAgainAfterAnAddressOfAnotherFamilyIsTheSameRequestOnly() {
        fixture.web();
        fixture.endpoint(ONE, "10.1.0.2/24");

        assertThat(fixture.endpoint(ONE, "10.1.0.2/24").id()).isEqualTo(ONE);
        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.engine().createEndpoint(endpointSpec(ONE, "10.1.0.3/24")),
                "other properties");
    }

    static void assertRefused(ErrorCode code, ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).contains(message).doesNotContain("\n");
        });
    }
}
