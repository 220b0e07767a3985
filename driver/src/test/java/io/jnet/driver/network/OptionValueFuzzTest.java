package io.jnet.driver.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.driver.PlainText;
import io.jnet.driver.protocol.AddressPool;
import io.jnet.driver.protocol.CreateNetworkRequest;
import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What stands after {@code -o} may be any text: what is taken of it cannot leave its place in a command, a path or a message. */
class OptionValueFuzzTest {
    private static final List<AddressPool> IPV4 = List.of(new AddressPool("10.7.0.0/24", "10.7.0.1/24", Map.of()));
    private static final List<AddressPool> IPV6 = List.of(new AddressPool("fd00:7::/64", "fd00:7::1/64", Map.of()));
    private static final Set<ErrorCode> REFUSALS = Set.of(ErrorCode.INVALID_REQUEST, ErrorCode.UNSUPPORTED);

    /**
     * @param text tried as the value of each option alone, and as options of one network: a line each, with {@code =} between name and value
     */
    @FuzzTest
    void isUnderstoodOrRefused(byte[] text) {
        String value = new String(text, UTF_8);
        for (NetworkOption option : NetworkOption.values()) {
            check(Map.of(option.key(), value));
        }
        check(Map.of(value, value));
        check(lines(value));
    }

    private static void check(Map<String, String> generic) {
        for (boolean internal : new boolean[] {false, true}) {
            CreateNetworkRequest.Options options =
                    new CreateNetworkRequest.Options(generic, Optional.empty(), true, internal);
            List<String> ignored = new ArrayList<>();
            refusing(() -> PlainText.check(
                    NetworkMapping.toSpec(new CreateNetworkRequest("n", options, IPV4, IPV6), ignored::add)));
            refusing(() -> assertThat(NetworkMapping.gatewayNeeds(options)).isNotNull());
            assertThat(ignored).allSatisfy(name -> assertThat(name).matches("[\\x20-\\x7e]{0,53}"));
        }
    }

    private static void refusing(Runnable mapping) {
        try {
            mapping.run();
        } catch (EngineException refused) {
            assertThat(REFUSALS).contains(refused.code());
            assertThat(refused.getMessage()).matches("[\\x20-\\x7e]{1,600}");
        }
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals >= 0) {
                options.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return options;
    }
}
