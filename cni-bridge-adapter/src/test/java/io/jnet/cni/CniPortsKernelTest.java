package io.jnet.cni;

import static io.jnet.cni.CniCalls.WEB;
import static io.jnet.cni.CniCalls.environment;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.PortHolder;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** With {@code podman run --network web --network l2 -p 8080:80} another network publishes it. */
    @Test
    void butNotWhereTheRuntimeAsksOnEachNetwork() {
        Map<String, String> podman = environment("ADD", "c1", "eth0");
        podman.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=web");
        result(cni.ask(
                podman,
                "{\"cniVersion\": \"1.0.0\", \"name\": \"l2\", \"type\": \"jnet\", \"ipam\": {}, \"runtimeConfig\":"
                        + " {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}}"));
        podman.put("CNI_IFNAME", "eth1");
        result(cni.ask(
                podman,
                WEB.formatted(
                        ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}")));
        assertThat(jnet.engine.endpoints())
                .extracting(endpoint -> endpoint.ports().size())
                .containsExactlyInAnyOrder(0, 1);
    }

    /** Podman names none. */
    @Test
    void aRuntimeThatNamesAnEmptyNamespaceOfItsPodIsOneOfKubernetes() {
        Map<String, String> runtime = environment("ADD", "c1", "eth0");
        runtime.put("CNI_ARGS", "K8S_POD_NAME=web;K8S_POD_NAMESPACE=");
        result(cni.ask(runtime, WEB.formatted("")));
        assertThat(jnet.engine.endpoints())
                .extracting(endpoint -> endpoint.spec().portHolder())
                .containsExactly(PortHolder.ENGINE);
    }

    /** A runtime that binds the socket leaves the daemon none to serve by. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp  | K8S_POD_NAME=web | and the container's runtime holds this port: name another address",
                "sctp | K8S_POD_NAME=web | which passes on tcp and udp: name another address",
                "sctp | IgnoreUnknown=1  | which passes on tcp and udp: name another address"
            })
    void aPortOfTheIpv6LoopbackAddressThatNobodyServesIsRefusedWithTheReason(
            String protocol, String arguments, String reason) {
        Map<String, String> runtime = environment("ADD", "c1", "eth0");
        runtime.put("CNI_ARGS", arguments);
        String mapping = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80,"
                + " \"hostIP\": \"::1\", \"protocol\": \"" + protocol + "\"}]}";
        assertThat(error(cni.ask(runtime, WEB.formatted(mapping)), 2)
                        .path("msg")
                        .asString())
                .isEqualTo("cannot publish port 8080/" + protocol
                        + " on ::1: that address is served by the daemon only, " + reason);
    }
}
