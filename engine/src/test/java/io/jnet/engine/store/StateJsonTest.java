package io.jnet.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.Endpoint;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StateJsonTest {
    private static final Endpoint ENDPOINT = new Endpoint(
            new EndpointSpec(
                    new NetworkId("aaaa1111".repeat(8)),
                    new EndpointId("1234567890abcdef".repeat(4)),
                    List.of(IpPrefix.parse("10.1.0.2/24")),
                    Optional.empty()),
            new InterfaceName("jv1"),
            new InterfaceName("jp1"),
            MacAddress.parse("02:42:0a:01:00:02"),
            Optional.empty(),
            List.of(),
            List.of(),
            EndpointState.JOINED);

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
