package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatusTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] CONFIGURATION =
            "{\"cniVersion\": \"1.1.0\", \"name\": \"web\", \"type\": \"jnet\"}".getBytes(UTF_8);

    @Test
    void anEngineWithoutTroublesIsReady() {
        assertThat(status(List.of()).status()).isZero();
    }

    /** What cannot be written down cannot be added. */
    @Test
    void eachTroubleOfTheEngineKeepsContainersFromComing() {
        CniAnswer answer = status(List.of("the state cannot be written", "the rules are gone"));
        assertThat(answer.status()).isEqualTo(1);
        JsonNode error = JSON.readTree(answer.output());
        assertThat(error.path("code").asInt()).isEqualTo(50);
        assertThat(error.path("msg").asString()).isEqualTo("the state cannot be written; the rules are gone");
    }

    private static CniAnswer status(List<String> troubles) {
        try (IdlePlugin plugin = new IdlePlugin(troubles)) {
            return plugin.answer(Map.of("CNI_COMMAND", "STATUS"), CONFIGURATION);
        }
    }
}
