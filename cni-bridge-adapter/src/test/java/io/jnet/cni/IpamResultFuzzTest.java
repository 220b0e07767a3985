package io.jnet.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.cni.configuration.ReceivedResult;

/** What another plugin answers may be any bytes: it is read, or refused in one line with a code of the spec. */
class IpamResultFuzzTest {
    @FuzzTest
    void isReadOrRefused(byte[] result) {
        AnswerRules.decoded(() -> ReceivedResult.ofPlugin("host-local", new String(result, UTF_8)))
                .ifPresent(read -> assertThat(read.addresses()).isNotEmpty());
    }
}
