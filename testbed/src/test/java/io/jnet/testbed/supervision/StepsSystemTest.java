package io.jnet.testbed.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Compiler;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import io.jnet.testbed.system.SystemTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code crash.c} takes for a step: programs that do one thing each die before it, and it is not done. */
@SystemTest
class StepsSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Lab lab;
    private static CountedCalls steps;
    private static List<String> dying;

    @BeforeAll
    static void build() {
        lab = Lab.open();
        steps = CountedCalls.in(lab.folder());
        dying = Death.build(lab.folder()).at(steps);
        host().shell("mkdir /run/steps");
        Eventually.holds("no address is tentative", PATIENCE, () -> host().shell("ip -6 address show tentative")
                .isEmpty());
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    /** The first is a change by libnftables, in its own process and without a line of jnet's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nft add table inet steps             | nfnetlink 16 | nft list tables | inet steps
                    nft add table ip steps; add chain ip steps c | nfnetlink 16 | nft list chains | ip steps
                    ip link add steps0 type bridge       | rtnetlink 16 | ip link         | steps0
                    ip address add 192.0.2.7 dev lo      | rtnetlink 20 | ip address      | 192.0.2.7
                    ip rule add from 192.0.2.7 table 7   | rtnetlink 32 | ip rule         | 192.0.2.7
                    sysctl -qw net.ipv4.ip_default_ttl=77 | /proc/sys/net/ipv4/ip_default_ttl | sysctl net.ipv4.ip_default_ttl | = 77
                    touch /run/steps/touched             | /run/steps/touched | ls /run/steps | touched
                    mkdir /run/steps/folder              | file         | ls /run/steps   | folder
                    ln -s x /run/steps/link              | file         | ls /run/steps   | link
                    """)
    void aProgramDiesBeforeWhatItDoes(String command, String step, String question, String done) {
        String before = host().shell(question);
        assertThat(before).doesNotContain(done);

        CommandResult died = run(1, command);

        assertThat(died.succeeded()).isFalse();
        assertThat(steps.reached()).isTrue();
        assertThat(steps.what()).startsWith(step);
        assertThat(steps.unknown()).isZero();
        assertThat(host().shell(question)).as("what " + command + " has done").isEqualTo(before);
        run(0, command).orThrow();
        assertThat(host().shell(question)).contains(done);
    }

    /** Its answer to who has asked, on a socket or by standard output, is a step. */
    @Test
    void anAnswerIsAStep() {
        host().shell(
                        "rm -f /run/steps/asked; (socat -u UNIX-LISTEN:/run/steps/socket,fork CREATE:/run/steps/asked & ) >/dev/null 2>&1");
        host().shell("until [ -S /run/steps/socket ]; do sleep 0.05; done");
        steps.dieBefore(1);
        List<String> ask = new ArrayList<>(dying);
        ask.addAll(List.of("curl", "--silent", "--max-time", "1", "--unix-socket", "/run/steps/socket", "http://x/"));
        host().run(ask);
        assertThat(steps.what()).startsWith("answer");
        steps.dieBefore(1);
        List<String> print = new ArrayList<>(dying);
        print.addAll(List.of("cat", "/proc/self/comm"));
        assertThat(host().run(print).output()).isEmpty();
        assertThat(steps.what()).startsWith("answer");
        steps.dieBefore(0);
    }

    /** What lasts and cannot be counted is told, so that a test that meets it fails. */
    @Test
    void whatCannotBeAStepIsTold() {
        Path unseen = Compiler.compile(StepsSystemTest.class, "unseen", lab.folder());
        host().shell("echo a >/run/steps/mapped");
        try {
            run(0, unseen + " map /run/steps/mapped").orThrow();
            assertThat(host().shell("cat /run/steps/mapped")).startsWith("x");
            assertThat(steps.unknown()).as("mmap").isNotZero();
            steps.dieBefore(0);
            assertThat(steps.unknown()).as("whatever comes then").isNotZero();
            steps.forgetUnknown();
            run(0, unseen + " ioctl").orThrow();
            assertThat(steps.unknown()).as("ioctl").isNotZero();
        } finally {
            steps.forgetUnknown();
        }
    }

    private static CommandResult run(int step, String command) {
        steps.dieBefore(step);
        List<String> whole = new ArrayList<>(dying);
        whole.addAll(List.of(command.split(" ", command.startsWith("nft ") ? 2 : 0)));
        return host().run(whole);
    }

    private static Machine host() {
        return lab.host();
    }
}
