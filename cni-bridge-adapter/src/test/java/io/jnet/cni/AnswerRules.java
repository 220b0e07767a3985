package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.cni.protocol.CniCode;
import io.jnet.cni.protocol.CniException;
import io.jnet.cni.protocol.SpecVersion;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds of every answer of the plugin, whatever it was asked. */
final class AnswerRules {
    /** Containers and networks may have long names, and one message two of them. */
    static final int LONGEST_MESSAGE = 1000;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The answer is the name of a plugin that the executable is to call ({@code call.h}). */
    private static final Set<Integer> DELEGATE = Set.of(254, 252);

    private static final String FILE_NAME = "[A-Za-z0-9_.-]{1,255}";
    private static final String PRINTABLE_LINE = "[\\x20-\\x7e]+";
    private static final Set<String> VERSIONS =
            Arrays.stream(SpecVersion.values()).map(SpecVersion::toString).collect(Collectors.toSet());
    private static final Set<Integer> CODES = Arrays.stream(CniCode.values())
            .filter(code -> code != CniCode.INTERNAL)
            .map(CniCode::number)
            .collect(Collectors.toSet());

    private AnswerRules() {}

    /** The value that a decoder gives; empty when it refuses its input as it may. Anything else that it throws goes on. */
    static <T> Optional<T> decoded(Supplier<T> decoder) {
        try {
            return Optional.of(decoder.get());
        } catch (CniException refused) {
            check(refused.code().number(), refused.getMessage());
            return Optional.empty();
        }
    }

    /** An error object, the file name of another plugin, or a success that says nothing. */
    static void check(CniAnswer answer) {
        if (DELEGATE.contains(answer.status())) {
            assertThat(new String(answer.output(), UTF_8)).matches(FILE_NAME).doesNotMatch("\\.+");
            return;
        }
        if (answer.status() == 0) {
            assertThat(answer.output()).isEmpty();
            return;
        }
        assertThat(answer.status()).isEqualTo(1);
        JsonNode error = JSON.readTree(answer.output());
        assertThat(VERSIONS).contains(error.path("cniVersion").asString());
        check(error.path("code").asInt(), error.path("msg").asString());
    }

    /** A result that somebody may be answered. */
    static void checkResult(byte[] result, SpecVersion version) {
        JsonNode read = JSON.readTree(result);
        assertThat(read.path("cniVersion").asString()).isEqualTo(version.toString());
    }

    private static void check(int code, String message) {
        assertThat(CODES).as(message).contains(code);
        assertThat(message).matches(PRINTABLE_LINE).hasSizeLessThan(LONGEST_MESSAGE);
    }
}
