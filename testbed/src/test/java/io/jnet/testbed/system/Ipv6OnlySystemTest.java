package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jnet.testbed.docker.Images;
import io.jnet.testbed.docker.Probe;
import io.jnet.testbed.docker.Servers;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network without IPv4, as Docker 28 asks for it; where the engine of the lab is older the test asks in its place. */
@SystemTest
class Ipv6OnlySystemTest {
    @RegisterExtension
    static final DockerLab LAB = DockerLab.withDockerd();

    private static final String NETWORK = "0a".repeat(32);
    private static final String ENDPOINT = "4f".repeat(32);
    private static final String IDS = "\"NetworkID\":\"%s\",\"EndpointID\":\"%s\"".formatted(NETWORK, ENDPOINT);

    @AfterEach
    void remove() {
        call("DeleteEndpoint", "{" + IDS + "}");
        call("DeleteNetwork", "{\"NetworkID\":\"" + NETWORK + "\"}");
        LAB.host().run("ip", "netns", "delete", "six");
    }

    private static String call(String method, String body) {
        return LAB.jnet().post("/NetworkDriver." + method, body).orThrow().text();
    }

    @Test
    void containersReachAndAreReachedOverIpv6() {
        assertThat(call(
                        "CreateNetwork",
                        """
                                {"NetworkID":"%s","Options":{"com.docker.network.enable_ipv4":false,
                                 "com.docker.network.enable_ipv6":true,
                                 "com.docker.network.generic":{"com.docker.network.bridge.name":"six0"}},
                                 "IPv4Data":[],"IPv6Data":[{"Pool":"fd00:66::/64","Gateway":"fd00:66::1/64"}]}
                                """
                                .formatted(NETWORK)))
                .isEqualTo("{}");
        call("CreateEndpoint", "{" + IDS + ",\"Interface\":{\"AddressIPv6\":\"fd00:66::2/64\"},\"Options\":{}}");
        String joined = call("Join", "{" + IDS + ",\"SandboxKey\":\"/var/run/docker/netns/six\",\"Options\":{}}");
        assertThat(joined).contains("\"GatewayIPv6\":\"fd00:66::1\"", "\"DisableGatewayService\":false");
        assertThat(joined).doesNotContain("\"Gateway\"");
        assertThat(LAB.host().shell("ip -o -4 address show dev six0")).isEmpty();

        String link = joined.replaceAll(".*\"SrcName\":\"(\\w+)\".*", "$1");
        LAB.host()
                .shell(
                        "ip netns add six; ip link set %s netns six name eth0; ip -n six link set eth0 up;"
                                        .formatted(link)
                                + " ip -n six address add fd00:66::2/64 dev eth0 nodad; ip -n six -6 route add default via fd00:66::1");
        LAB.host().start("ip", "netns", "exec", "six", "bash", "-c", Servers.tellPeer6(80));
        call(
                "ProgramExternalConnectivity",
                "{" + IDS + ",\"Options\":{\"com.docker.network.portmap\":"
                        + "[{\"Proto\":6,\"Port\":80,\"HostPort\":8080,\"HostPortEnd\":8080}]}}");
        Probe outside = Probe.on(LAB.lab().outside());
        Eventually.holds(
                "the published port",
                Duration.ofSeconds(10),
                () -> outside.reaches("[" + Lab.HOST_ADDRESS_6 + "]", 8080));
        assertThat(LAB.host().shell("ip netns exec six ping -c 1 -W 2 " + Lab.OUTSIDE_ADDRESS_6))
                .contains("1 received");
        assertThat(outside.reaches(Lab.HOST_ADDRESS, 8080))
                .as("an IPv4 client, whom the daemon serves")
                .isTrue();
    }

    /**
     * As Docker asks for a container that is on this network and on one without IPv6, whichever it joined first: from Docker 29 on only the one for
     * IPv4 hears of the other, with Docker 28 both do.
     */
    @ParameterizedTest
    @CsvSource({"true,false", "false,false", "false,true"})
    void twoNetworksOfOneContainerShareItsPorts(boolean inet6First, boolean bothAreTold) {
        String ports =
                "\"com.docker.network.portmap\":[{\"Proto\":6,\"Port\":80,\"HostPort\":8080,\"HostPortEnd\":8080}]";
        String flag = ",\"com.docker.network.driver.private.no_proxy_6to4\":true";
        call(
                "CreateNetwork",
                """
                        {"NetworkID":"%s","Options":{"com.docker.network.enable_ipv4":false,"com.docker.network.enable_ipv6":true},
                         "IPv6Data":[{"Pool":"fd00:66::/64","Gateway":"fd00:66::1/64"}]}
                        """
                        .formatted(NETWORK));
        call(
                "CreateNetwork",
                "{\"NetworkID\":\"four\",\"Options\":{},\"IPv4Data\":[{\"Pool\":\"10.66.0.0/24\",\"Gateway\":\"10.66.0.1/24\"}]}");
        String four = "\"NetworkID\":\"four\",\"EndpointID\":\"four1\"";
        try {
            if (inet6First) {
                joinBoth(IDS, "\"AddressIPv6\":\"fd00:66::2/64\"");
                assertThat(program(IDS, ports)).isEqualTo("{}");
            }
            joinBoth(four, "\"Address\":\"10.66.0.2/24\"");
            assertThat(program(four, ports + (inet6First ? flag : ""))).isEqualTo("{}");
            if (!inet6First) {
                joinBoth(IDS, "\"AddressIPv6\":\"fd00:66::2/64\"");
                assertThat(call("RevokeExternalConnectivity", "{" + four + "}")).isEqualTo("{}");
                assertThat(program(four, ports + flag)).isEqualTo("{}");
                assertThat(program(IDS, ports + (bothAreTold ? flag : ""))).isEqualTo("{}");
            }
            assertThat(LAB.host().shell("ss -Htln 'sport = :8080'"))
                    .as("one socket for each family")
                    .contains("[::]:8080")
                    .doesNotContain("*:8080");
            assertThat(LAB.jnet().run("ports").orThrow().text().lines().filter(line -> line.contains("8080")))
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("0.0.0.0:8080") && line.contains("four"))
                    .anyMatch(line -> line.startsWith("[::]:8080") && !line.contains("four"))
                    .anyMatch(line -> line.startsWith("[::1]:8080") && line.contains("daemon"));
        } finally {
            call("DeleteEndpoint", "{" + four + "}");
            call("DeleteNetwork", "{\"NetworkID\":\"four\"}");
        }
    }

    /** By a Docker that asks so itself; it begins with either network, by chance. */
    @Test
    void containersOfOneNetworkForEachFamilyStart() {
        assumeTrue(LAB.docker().majorVersion() >= 28, "older engines have no networks without IPv4");
        LAB.createNetwork("four", "--subnet", "10.67.0.0/24");
        LAB.createNetwork("six", "--ipv4=false", "--ipv6", "--subnet", "fd00:67::/64");
        for (int i = 0; i < 8; i++) {
            String name = "both" + i;
            LAB.docker()
                    .docker(
                            "create",
                            "--name",
                            name,
                            "--network",
                            "four",
                            "-p",
                            "8090:80",
                            "-p",
                            "127.0.0.1:8091:80",
                            Images.TOOLS,
                            "sleep",
                            "600")
                    .orThrow();
            LAB.docker().docker("network", "connect", "six", name).orThrow();
            LAB.docker().docker("start", name).orThrow();
            assertThat(LAB.jnet().run("ports").orThrow().text().lines().filter(line -> line.contains("809")))
                    .anyMatch(line -> line.startsWith("0.0.0.0:8090"))
                    .anyMatch(line -> line.startsWith("[::]:8090"))
                    .anyMatch(line -> line.startsWith("127.0.0.1:8091"));
            LAB.docker().docker("rm", "--force", name).orThrow();
        }
    }

    private static void joinBoth(String ids, String address) {
        call("CreateEndpoint", "{" + ids + ",\"Interface\":{" + address + "},\"Options\":{}}");
        call("Join", "{" + ids + ",\"SandboxKey\":\"/var/run/docker/netns/both\",\"Options\":{}}");
    }

    private static String program(String ids, String options) {
        return call("ProgramExternalConnectivity", "{" + ids + ",\"Options\":{" + options + "}}");
    }
}
