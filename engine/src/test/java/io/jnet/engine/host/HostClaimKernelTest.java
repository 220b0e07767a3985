package io.jnet.engine.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.failure.ErrorCode;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@KernelTest
class HostClaimKernelTest {
    private static final String NAME = "jnet-engine-test";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void theSecondIsRefusedAndToldWhoIsTheFirst() throws Exception {
        try (AutoCloseable first = HostClaim.take(NAME, 1, Residence.HOST)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> HostClaim.take(NAME, 2, Residence.HOST))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessage(
                            "another jnet daemon, process "
                                    + ProcessHandle.current().pid()
                                    + ", works in this network namespace: stop it, or start this one in a network namespace of its own");
        }
        HostClaim.take(NAME, 1, Residence.HOST).close();
    }

    @Test
    void theFirstSaysWhatItIsAndHowToEndIt() throws Exception {
        Residence plugin = new Residence("Docker's managed plugin", "disable it", Path.of("/host/proc/sys"));
        try (AutoCloseable first = HostClaim.take(NAME, 1, plugin)) {
            assertThat(first).isNotNull();
            assertThat(toldRefusal())
                    .hasMessage(
                            "Docker's managed plugin, process "
                                    + ProcessHandle.current().pid()
                                    + ", works in this network namespace: disable it, or start this one in a network namespace of its own");
        }
    }

    /** Asks again until the first has said what it is: on a busy machine the second that it has may go by without. */
    private static Throwable toldRefusal() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Throwable refusal;
        do {
            refusal = catchThrowable(() -> HostClaim.take(NAME, 1, Residence.HOST));
        } while (System.nanoTime() < end
                && (refusal == null || refusal.getMessage().startsWith("another jnet daemon")));
        return refusal;
    }

    /** As one of an earlier version, or one that is stopped, does. */
    @Test
    void oneThatSaysNothingIsNamedByItsProcess() throws Exception {
        Process silent = new ProcessBuilder("socat", "ABSTRACT-LISTEN:" + NAME + ",fork", "OPEN:/dev/null")
                .redirectErrorStream(true)
                .start();
        try {
            Commands.runUntil("@" + NAME, "ss", "-Hxl");
            assertThatThrownBy(() -> HostClaim.take(NAME, 1, Residence.HOST))
                    .hasMessageStartingWith("another jnet daemon, process " + silent.pid() + ", works");
        } finally {
            silent.destroyForcibly().waitFor();
        }
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
            HostClaim.take(NAME, 2, Residence.HOST).close();
        } finally {
            squatter.destroyForcibly().waitFor();
        }
    }

    /** A byte each tenth of a second, for longer than anybody may have to wait. */
    @Test
    @Timeout(60)
    void norDoesSomebodyWhoSpeaksSlowly() throws Exception {
        Process squatter = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        "socat",
                        "ABSTRACT-LISTEN:" + NAME + ",fork",
                        "SYSTEM:'for i in $(seq 1200); do echo -n x; sleep 0.1; done'")
                .redirectErrorStream(true)
                .start();
        try {
            Commands.runUntil("@" + NAME, "ss", "-Hxl");
            long begun = System.nanoTime();
            HostClaim.take(NAME, 2, Residence.HOST).close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        } finally {
            squatter.descendants().forEach(ProcessHandle::destroyForcibly);
            squatter.destroyForcibly().waitFor();
        }
    }
}
