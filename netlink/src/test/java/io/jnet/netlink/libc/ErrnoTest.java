package io.jnet.netlink.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void everyConstantHasItsNameAndAMeaning() throws IllegalAccessException {
        assertThat(constants()).isNotEmpty().allSatisfy((name, errno) -> {
            assertThat(errno.symbol()).isEqualTo(name);
            assertThat(errno.description()).isNotEqualTo(Errno.of(0).description());
        });
    }

    @Test
    void noTwoConstantsHaveTheSameNumber() throws IllegalAccessException {
        assertThat(constants().values()).doesNotHaveDuplicates();
    }

    @Test
    void aKnownNumberReadsAsItsMeaningAndItsName() {
        assertThat(Errno.of(17)).isEqualTo(Errno.EEXIST).hasToString("already exists (EEXIST)");
    }

    @Test
    void aNumberWithoutANameReadsAsTheNumber() {
        assertThat(Errno.of(4095)).hasToString("unknown error (errno 4095)");
    }

    private static Map<String, Errno> constants() throws IllegalAccessException {
        Map<String, Errno> constants = new TreeMap<>();
        for (Field field : Arrays.asList(Errno.class.getFields())) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Errno.class) {
                constants.put(field.getName(), (Errno) field.get(null));
            }
        }
        return constants;
    }
}
