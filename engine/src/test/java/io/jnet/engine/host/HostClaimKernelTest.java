package io.jnet.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.EngineException;
import io.jnet.engine.ErrorCode;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import org.junit.jupiter.api.Test;

@KernelTest
class HostClaimKernelTest {
    private static final String NAME = "jnet-engine-test";

    @Test
    void theSecondIsRefusedAndToldWhoIsTheFirst() throws Exception {
        try (AutoCloseable first = HostClaim.take(NAME, 1)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> HostClaim.take(NAME, 2))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessage(
                            "another jnet daemon, process "
                                    + ProcessHandle.current().pid()
                                    + ", works in this network namespace: stop it, or start this one in a network namespace of its own");
        }
        HostClaim.take(NAME, 1).close();
    }

    /** Else anybody with an account could keep jnet from starting. */
    @Test
    void somebodyWhoIsNotRootKeepsNobodyFromWorking() throws Exception {
        Process squatter = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        "socat",
                        "ABSTRACT-LISTEN:" + NAME + ",fork",
                        "OPEN:/dev/null")
                .redirectErrorStream(true)
                .start();
        try {
            Commands.runUntil("@" + NAME, "ss", "-Hxl");
            HostClaim.take(NAME, 2).close();
        } finally {
            squatter.destroyForcibly().waitFor();
        }
    }
}
