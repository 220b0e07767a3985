package io.jnet.cni;

import static io.jnet.cni.CniCalls.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ports are published, which are refused, and who holds them. */
@KernelTest
class CniPortsKernelTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"hostIP\": \"127.0.0.1\"", ", \"hostIP\": \"::1\""})
    void aPortOfAContainerWithoutAddressesIsRefused(String hostAddress) {
        String mapping =
                "\"ipam\": {}, \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80%s}]}";
        assertThat(error(cni.callWith("ADD", "c1", "eth0", mapping.formatted(hostAddress)), 2)
                        .path("msg")
                        .asString())
                .startsWith("cannot publish port 8080/tcp on ")
                .endsWith("jnet gives the container no address on this network that it could lead to");
    }
}
