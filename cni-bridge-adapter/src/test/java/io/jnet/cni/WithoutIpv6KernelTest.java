package io.jnet.cni;

import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A network with IPv4 only. On a kernel that was started without IPv6 nothing else can be had, and no request may speak of it:
 * {@code KERNEL_OPTIONS=ipv6.disable=1 testbed/debian-kernel WithoutIpv6KernelTest}.
 */
@KernelTest
class WithoutIpv6KernelTest {
    private static final String KEYS =
            """
            "isDefaultGateway": true, "ipMasq": true, "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}, "runtimeConfig": {
              "portMappings": [{"hostPort": 8080, "containerPort": 80}],
              "bandwidth": {"ingressRate": 8000000, "egressRate": 8000000}}""";

    @TempDir
    private Path directory;

    private PluginHost jnet;
    private CniCalls cni;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
        cni = new CniCalls(jnet);
    }

    @AfterEach
    void close() {
        jnet.close();
    }

    @Test
    void aContainerIsAttachedWithAPortAndRates() {
        JsonNode added = result(cni.callWith("ADD", "c1", "eth0", KEYS));
        assertThat(added.at("/ips/0/address").asString()).isEqualTo("10.88.0.2/24");
        assertThat(jnet.engine.endpoints()).singleElement().satisfies(endpoint -> assertThat(endpoint.ports())
                .hasSize(1));
        assertThat(jnet.inside.call(() -> Commands.run("ping", "-c", "1", "-W", "10", "10.88.0.1")))
                .contains("1 received");

        jnet.restart();
        assertThat(jnet.inside.call(() -> Commands.run("ping", "-c", "1", "-W", "10", "10.88.0.1")))
                .contains("1 received");
        succeeded(cni.callWith("DEL", "c1", "eth0", KEYS));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(Commands.run("ip", "-brief", "link")).doesNotContain("jv", "ji");
    }

    @Test
    void aNetworkWithIpv6IsRefusedWithTheReason() {
        Assumptions.assumeFalse(Files.exists(Path.of("/proc/net/if_inet6")), "this kernel has IPv6");
        assertThat(error(cni.call("ADD", "c1", "eth0", ""), 2).path("msg").asString())
                .contains("this host runs without it");
        assertThat(jnet.engine.networks()).isEmpty();
    }
}
