package io.jnet.cni.protocol;

import io.jnet.engine.failure.Printable;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The versions of the spec that jnet speaks, the oldest first. */
public enum SpecVersion {
    V0_1_0,
    V0_2_0,
    V0_3_0,
    V0_3_1,
    V0_4_0,
    V1_0_0,
    V1_1_0;

    /** Whether this is {@code other} or later. */
    public boolean isAtLeast(SpecVersion other) {
        return compareTo(other) >= 0;
    }

    /** The version of a configuration.
     *
     * @throws CniException with {@link CniCode#INCOMPATIBLE_VERSION} for one that jnet does not speak
     */
    public static SpecVersion parse(String text) {
        return Arrays.stream(values())
                .filter(version -> version.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new CniException(
                        CniCode.INCOMPATIBLE_VERSION,
                        "cniVersion \"" + Printable.of(text) + "\" is not supported: want "
                                + Arrays.stream(values())
                                        .map(SpecVersion::toString)
                                        .collect(Collectors.joining(", "))));
    }

    /** {@code 0.3.1}. */
    @Override
    public String toString() {
        return name().substring(1).replace('_', '.');
    }
}
