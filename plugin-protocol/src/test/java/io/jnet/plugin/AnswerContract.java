package io.jnet.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds of every answer to dockerd, whatever the body was that is answered. */
public final class AnswerContract {
    /** A message may name an option, a network and a path. */
    private static final int LONGEST_MESSAGE = 1000;

    /** Far more than any body takes, a garbage collection included. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final String PRINTABLE_LINE = "[\\x20-\\x7e]+";

    /** Without 500, which is for defects and for what the kernel refuses, and 404, which dockerd takes for success of some methods. */
    private static final Set<Integer> REFUSALS = Set.of(400, 409, 501);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AnswerContract() {}

    /** Sends a body to each method, in their order, and checks the answers. */
    public static void checkAll(DockerPlugin plugin, List<Route> routes, byte[] body) {
        for (Route route : routes) {
            assertTimeout(LONGEST, () -> check(route.path(), plugin.handle(route.path(), body)));
        }
    }

    private static void check(String path, PluginResponse response) {
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.isObject()).as(path).isTrue();
        if (response.status() == 200) {
            assertThat(answer.has("Err")).as(path).isFalse();
            return;
        }
        String message = answer.path("Err").asString();
        assertThat(REFUSALS).as(path + ": " + message).contains(response.status());
        assertThat(message).as(path).matches(PRINTABLE_LINE).hasSizeLessThan(LONGEST_MESSAGE);
        assertThat(answer.path("Error").asString()).as(path).isEqualTo(message);
    }
}
