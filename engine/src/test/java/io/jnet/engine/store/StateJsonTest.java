package io.jnet.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.JoinedEndpoint;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StateJsonTest {
    private static final Endpoint ENDPOINT = JoinedEndpoint.any();

    @Test
    void aRecordIsItsComponentsAndNothingThatFollowsFromThem() {
        assertThat(JsonMapper.shared().readTree(StateJson.encode(ENDPOINT)).propertyNames())
                .containsExactlyElementsOf(Arrays.stream(Endpoint.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    /** Earlier versions wrote more. */
    @Test
    void whatIsThereBesideTheComponentsIsPassedOver() {
        String text = new String(StateJson.encode(ENDPOINT), StandardCharsets.UTF_8);
        String earlier = text.substring(0, text.length() - 1) + ",\"onForeignLink\":false,\"unjoined\":true}";
        assertThat(StateJson.decode(earlier.getBytes(StandardCharsets.UTF_8), Endpoint.class, "one"))
                .isEqualTo(ENDPOINT);
    }
}
