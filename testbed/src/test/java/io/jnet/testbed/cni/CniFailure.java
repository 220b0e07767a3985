package io.jnet.testbed.cni;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a call fails, whatever the reason: by an error object with one line for a person, and nothing else. */
public final class CniFailure {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** A defect, for which no other code is. */
    private static final int INTERNAL = 999;

    private CniFailure() {}

    /** Checks the form of an answer that is no success. */
    public static void check(CniCall.Answer answer, String where) {
        assertThat(answer.command().exitStatus()).as(where).isEqualTo(1);
        JsonNode error = JSON.readTree(answer.command().output());
        assertThat(error.path("code").asInt()).as(where).isPositive().isNotEqualTo(INTERNAL);
        assertThat(error.path("msg").asString()).as(where).matches("[\\x20-\\x7e]+");
    }
}
