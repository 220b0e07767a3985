package io.jnet.cni;

import static io.jnet.cni.CniCalls.REMEDY;
import static io.jnet.cni.CniCalls.WEB;
import static io.jnet.cni.CniCalls.environment;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Which resolver a container is told of, and what it is called there. */
@KernelTest
class CniNamesKernelTest {
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
    void aContainerIsToldOfTheNetworksOwnResolver() {
        JsonNode dns = result(cni.call("ADD", "c1", "eth0", "")).path("dns");
        assertThat(dns.toString())
                .isEqualTo("{\"nameservers\":[\"10.88.0.1\",\"fd00:88::1\"],\"search\":[\"web.jnet.internal\"]}");
        succeeded(cni.call("DEL", "c1", "eth0", ""));
    }

    /** Whoever names a server wants that one; whoever names a domain or an option wants it from the network's resolver. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'dns': {'nameservers': ['10.0.0.53']} | {'nameservers':['10.0.0.53']}",
                "'runtimeConfig': {'dns': {'servers': ['10.0.0.54']}}, 'dns': {'search': ['a.test']} | {'nameservers':['10.0.0.54']}",
                "'dns': {'search': ['a.test']} | {'nameservers':['10.88.0.1','fd00:88::1'],'search':['a.test']}",
                "'dns': {'domain': 'a.test'} | {'nameservers':['10.88.0.1','fd00:88::1'],'domain':'a.test'}",
                "'dns': {'options': ['ndots:2']} "
                        + "| {'nameservers':['10.88.0.1','fd00:88::1'],'search':['web.jnet.internal'],'options':['ndots:2']}",
                "'resolver': {'domain': 'shop.test'} | {'nameservers':['10.88.0.1','fd00:88::1'],'search':['shop.test']}",
                "'resolver': {'enabled': false} | ",
            })
    void whatIsSaidOfResolversComesBeforeTheNetworksOwn(String keys, String dns) {
        JsonNode result = result(cni.call("ADD", "c1", "eth0", ", " + keys.replace('\'', '"')));
        assertThat(result.path("dns").toString()).isEqualTo(dns == null ? "" : dns.replace('\'', '"'));
    }

    @Test
    void aContainerHasTheNamesThatItsRuntimeGivesIt() {
        Map<String, String> called = environment("ADD", "c1", "eth0");
        called.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAME=front");
        result(jnet.plugin.answer(new CniRequest(
                called,
                WEB.formatted(", \"runtimeConfig\": {\"aliases\": {\"web\": [\"www\", \"no.label\"]}}")
                        .getBytes(UTF_8),
                Optional.of(jnet.container))));
        assertThat(jnet.engine.endpoints().get(0).spec().names()).hasToString("[front, www]");
    }

    @Test
    void aResolverThatContradictsTheNetworksIsRefused() {
        result(cni.call("ADD", "c1", "eth0", ", \"resolver\": {\"servers\": [\"192.0.2.53\"]}"));
        String other = ", \"resolver\": {\"domain\": \"shop.test\"}";
        assertThat(error(cni.call("ADD", "c2", "eth1", other), 7).path("msg").asString())
                .isEqualTo("resolver.domain shop.test contradicts network web, which has web.jnet.internal" + REMEDY);
        assertThat(error(cni.call("ADD", "c2", "eth1", ", \"resolver\": {\"records\": [\"a.test=10.0.0.1\"]}"), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("resolver.records [a.test=10.0.0.1] contradicts network web, which has none" + REMEDY);
        assertThat(error(cni.call("ADD", "c2", "eth1", ", \"resolver\": {\"enabled\": false}"), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("resolver.enabled false contradicts network web, which has enabled true" + REMEDY);
        result(cni.call("ADD", "c2", "eth1", ", \"resolver\": {\"domain\": \"web.jnet.internal\"}"));
    }
}
