package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Container;
import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send: an error that says so, and nothing changed. Beside it a real container goes on. */
@SystemTest
class BadInputSystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OTHER_ID = "fedcba9876543210".repeat(4);
    private static final String CREATE =
            """
            {"NetworkID":"%s","Options":{"com.docker.network.generic":{}},"IPv4Data":[{"AddressSpace":"LocalDefault",\
            "Gateway":"10.91.0.1/24","Pool":"10.91.0.0/24"}],"IPv6Data":[]}""";
    private static final String NAME_BOTH = "{\"NetworkID\":\"%s\",\"EndpointID\":\"%s\"}";

    private HostDump before;

    @BeforeEach
    void startAContainer() {
        assumeTrue(LAB.usesJnet(), "about jnet's own sockets");
        LAB.createNetwork("web", "--subnet", "10.90.1.0/24");
        Container server =
                LAB.docker().serve(List.of("--network", "web", "--publish", "8080:80"), Servers.tellPeer(80));
        server.listeningOn(80);
        before = HostDump.of(LAB.host());
    }

    private void assertNothingChanged() {
        assertThat(Eventually.settled(SETTLED, () -> before.difference(HostDump.of(LAB.host())), String::isEmpty))
                .isEmpty();
    }

    private static boolean isError(CommandResult answer) {
        return answer.output().contains("\"Err\":\"") && answer.output().contains("\"Error\":\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CreateNetwork",
                "CreateEndpoint",
                "Join",
                "Leave",
                "DeleteEndpoint",
                "DeleteNetwork",
                "EndpointOperInfo",
                "ProgramExternalConnectivity",
                "RevokeExternalConnectivity",
            })
    void bodiesThatAreNoRequestAreErrors(String method) {
        for (String body : List.of(
                "",
                "{",
                "[]",
                "null",
                "\"text\"",
                "not json",
                "{\"NetworkID\":7}",
                CREATE.formatted(ID).substring(0, 90))) {
            CommandResult answer = LAB.jnet().post("/NetworkDriver." + method, body);
            assertThat(isError(answer))
                    .as(method + " <- " + body + " -> " + answer.output())
                    .isTrue();
        }
        assertNothingChanged();
    }

    @Test
    void anOversizedBodyIsRefused() {
        String body = CREATE.formatted(ID).replace("LocalDefault", "x".repeat(20_000_000));
        assertThat(isError(LAB.jnet().post("/NetworkDriver.CreateNetwork", body)))
                .isTrue();
        assertNothingChanged();
    }

    @Test
    void unknownMethodsAreNotFound() {
        assertThat(LAB.jnet().statusOfPost("/NetworkDriver.Dance", "{}")).isEqualTo(404);
        assertThat(LAB.jnet().statusOfPost("/Anything", "{}")).isEqualTo(404);
    }

    @Test
    void unknownNetworksAndEndpointsAreErrorsForWhatNeedsThemAndNoMatterForDeletes() {
        String both = NAME_BOTH.formatted(ID, OTHER_ID);
        for (String method : List.of("CreateEndpoint", "Join", "ProgramExternalConnectivity")) {
            assertThat(isError(LAB.jnet().post("/NetworkDriver." + method, both)))
                    .as(method)
                    .isTrue();
            assertThat(LAB.jnet().statusOfPost("/NetworkDriver." + method, both))
                    .as(method)
                    .isNotEqualTo(404);
        }
        for (String method : List.of("Leave", "DeleteEndpoint", "DeleteNetwork", "RevokeExternalConnectivity")) {
            assertThat(isError(LAB.jnet().post("/NetworkDriver." + method, both)))
                    .as(method)
                    .isFalse();
        }
        assertNothingChanged();
    }

    @Test
    void repeatedAndReorderedCallsAreHarmless() {
        String create = CREATE.formatted(ID);
        for (int time = 0; time < 3; time++) {
            assertThat(isError(LAB.jnet().post("/NetworkDriver.CreateNetwork", create)))
                    .isFalse();
        }
        assertThat(isError(LAB.jnet().post("/NetworkDriver.CreateNetwork", create.replace("10.91.0", "10.92.0"))))
                .as("the same id with other properties")
                .isTrue();
        String endpoint = NAME_BOTH.formatted(ID, OTHER_ID);
        String create2 = endpoint.replace(
                "}",
                ",\"Interface\":{\"Address\":\"10.91.0.2/24\",\"AddressIPv6\":\"\",\"MacAddress\":\"\"},\"Options\":{}}");
        for (int time = 0; time < 2; time++) {
            assertThat(isError(LAB.jnet().post("/NetworkDriver.CreateEndpoint", create2)))
                    .isFalse();
        }
        // Leave before Join, Revoke before Program, each deletion twice: dockerd's retries may bring any of it.
        for (String method : List.of(
                "Leave",
                "RevokeExternalConnectivity",
                "Leave",
                "DeleteEndpoint",
                "DeleteEndpoint",
                "DeleteNetwork",
                "DeleteNetwork")) {
            assertThat(isError(LAB.jnet().post("/NetworkDriver." + method, endpoint)))
                    .as(method)
                    .isFalse();
        }
        assertNothingChanged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.91.0.2",
                "10.91.0.2/99",
                "10.99.0.2/24",
                "fd00::2/64",
                "10.91.0.1/24",
                "10.91.0.0/24",
                "10.91.0.255/24",
                "rm -rf",
            })
    void addressesThatCannotBeAreErrors(String address) {
        assertThat(isError(LAB.jnet().post("/NetworkDriver.CreateNetwork", CREATE.formatted(ID))))
                .isFalse();
        try {
            CommandResult answer = LAB.jnet()
                    .post(
                            "/NetworkDriver.CreateEndpoint",
                            "{\"NetworkID\":\"%s\",\"EndpointID\":\"%s\",\"Interface\":{\"Address\":\"%s\"},\"Options\":{}}"
                                    .formatted(ID, OTHER_ID, address));
            assertThat(isError(answer)).as(address + " -> " + answer.output()).isTrue();
        } finally {
            LAB.jnet().post("/NetworkDriver.DeleteNetwork", NAME_BOTH.formatted(ID, OTHER_ID));
        }
        assertNothingChanged();
    }

    @Test
    void anInvalidMacAddressIsRefusedByAWord() {
        // By the API: the command refuses to send any MAC address to an engine of this age.
        String body =
                "{\"Image\":\"%s\",\"Cmd\":[\"true\"],\"MacAddress\":\"%s\",\"HostConfig\":{\"NetworkMode\":\"web\"}}";
        Container refused = LAB.docker().create(body.formatted(Images.TOOLS, "01:00:5e:00:00:01"));
        CommandResult result = LAB.docker().docker("start", refused.id());
        assertThat(result.succeeded()).as("a multicast address").isFalse();
        assertThat(result.errors()).contains("invalid MAC address 01:00:5e:00:00:01: no interface can own it");
        refused.remove();
        assertNothingChanged();

        Container accepted = LAB.docker().create(body.formatted(Images.TOOLS, "02:00:5e:00:00:01"));
        assertThat(LAB.docker().docker("start", accepted.id()).succeeded())
                .as("one that an interface can own")
                .isTrue();
    }
}
