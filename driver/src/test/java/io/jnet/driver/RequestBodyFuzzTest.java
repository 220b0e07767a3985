package io.jnet.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.plugin.AnswerContract;
import io.jnet.plugin.DockerPlugin;
import io.jnet.plugin.Subsystem;
import java.util.List;

/** The body of any method may be any bytes: an answer, or a refusal in one line. There is a network with a container, {@code n} and {@code e}. */
class RequestBodyFuzzTest {
    @FuzzTest
    void isAnsweredOrRefused(byte[] body) {
        FakeEngine engine = new FakeEngine();
        Subsystem driver = NetworkDriver.on(engine);
        DockerPlugin plugin = new DockerPlugin(List.of(driver));
        setUp(plugin);
        AnswerContract.checkAll(plugin, driver.routes(), body);
        engine.networks().forEach(network -> PlainText.check(network.spec()));
        engine.endpoints().forEach(endpoint -> {
            PlainText.check(endpoint.spec());
            PlainText.check(endpoint.ports());
        });
    }

    private static void setUp(DockerPlugin plugin) {
        call(
                plugin,
                "CreateNetwork",
                "{\"NetworkID\":\"n\",\"IPv4Data\":[{\"Pool\":\"10.7.0.0/24\",\"Gateway\":\"10.7.0.1/24\"}]}");
        call(
                plugin,
                "CreateEndpoint",
                "{\"NetworkID\":\"n\",\"EndpointID\":\"e\",\"Interface\":{\"Address\":\"10.7.0.2/24\"}}");
    }

    private static void call(DockerPlugin plugin, String method, String body) {
        assertThat(plugin.handle("/NetworkDriver." + method, body.getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
    }
}
