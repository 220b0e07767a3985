package io.jnet.testbed.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ValuesTest {
    @Test
    void fieldsAreComparedOneByOneAndNamedByTheirPath() {
        Values one = values(values ->
                thing(values, "link", "{\"mtu\": 1500, \"info\": {\"kind\": \"veth\", \"flags\": [\"UP\"]}}"));
        Values other = values(
                values -> thing(values, "link", "{\"mtu\": 1500, \"info\": {\"kind\": \"tap\", \"flags\": []}}"));
        assertThat(Values.differences(one, other))
                .containsExactly(
                        new Difference("link.info.flags", "[UP]", "[]"),
                        new Difference("link.info.kind", "veth", "tap"));
    }

    @Test
    void aThingThatOnlyOneHasIsOneDifference() {
        Values one = values(values -> {
            thing(values, "link", "{\"mtu\": 1500}");
            thing(values, "link6", "{\"mtu\": 1500}");
        });
        Values other = values(values -> thing(values, "link6", "{\"mtu\": 1400}"));
        assertThat(Values.differences(one, other))
                .containsExactly(new Difference("link", "there", "-"), new Difference("link6.mtu", "1500", "1400"));
    }

    private static Values values(Consumer<Values> filling) {
        Values values = new Values();
        filling.accept(values);
        return values;
    }

    private static void thing(Values values, String name, String json) {
        values.thing(name, JsonMapper.shared().readTree(json), new Words());
    }
}
