package io.jnet.engine.firewall;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a whole ruleset says only what the program wrote, whatever names, addresses and ports it is made for. */
class RulesetFuzzTest {
    private static final int SCRIPTS = 60;

    @FuzzTest
    void holdsNothingFromOutsideButValues(byte[] script) {
        RulesetTextContract.check(new String(script, UTF_8));
    }

    /** The seed is the number that the failure names. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void holdsNothingOfRandomScriptsButValues(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < SCRIPTS; i++) {
            RulesetTextContract.check(RandomScript.of(random));
        }
    }
}
