package io.jnet.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

final class LineLoggerTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z ";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final LineLogger log = logger(LogFormat.TEXT);

    @Test
    void slf4j_finds_it() {
        assertThat(LoggerFactory.getLogger("io.jnet.x")).isInstanceOf(LineLogger.class);
        assertThat(LoggerFactory.getLogger("io.jnet.x").isInfoEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("org.eclipse.jetty.x").isInfoEnabled())
                .isFalse();
        assertThat(LoggerFactory.getLogger("org.eclipse.jetty.x").isWarnEnabled())
                .isTrue();
    }

    @Test
    void an_event_is_one_line_with_its_pairs() {
        log.atInfo().addKeyValue("network", "web").addKeyValue("ports", 2).log("published {} ports", 2);
        assertThat(text()).matches(TIME + "INFO Thing published 2 ports network=web ports=2\n");
    }

    @Test
    void a_plain_call_is_one_line() {
        log.warn("cannot {} {}", "do", "it");
        assertThat(text()).matches(TIME + "WARN Thing cannot do it\n");
    }

    @Test
    void what_a_client_sent_forges_no_line() {
        log.atWarn().addKeyValue("path", "/x\n2026 INFO forged").log("bad\r\nmessage\u001b[2J");
        assertThat(text()).matches(TIME + "WARN Thing bad message \\[2J path=/x 2026 INFO forged\n");
    }

    @Test
    void a_cause_is_printed_with_its_trace() {
        log.atError().setCause(new IllegalStateException("boom")).log("unexpected failure");
        assertThat(text()).contains("unexpected failure\njava.lang.IllegalStateException: boom\n\tat ");
    }

    @Test
    void below_the_level_nothing_is_written() {
        log.atDebug().log("detail");
        log.debug("detail");
        assertThat(text()).isEmpty();
    }

    @Test
    void the_level_is_a_word_and_info_otherwise() {
        assertThat(LogProvider.level(Optional.of("debug"))).isEqualTo(Level.DEBUG);
        assertThat(LogProvider.level(Optional.of("loud"))).isEqualTo(Level.INFO);
        assertThat(LogProvider.level(Optional.empty())).isEqualTo(Level.INFO);
    }

    @Test
    void asJsonAnEventIsOneObjectWithItsPairs() {
        logger(LogFormat.JSON)
                .atInfo()
                .addKeyValue("network", "web")
                .addKeyValue("ports", 2)
                .addKeyValue("level", Optional.of("5"))
                .log("published \"{}\"\nports", 2);
        assertThat(text())
                .matches("\\{\"time\":\"" + TIME.strip() + "\",\"level\":\"INFO\",\"logger\":\"Thing\","
                        + "\"message\":\"published \\\\\"2\\\\\"\\\\nports\","
                        + "\"network\":\"web\",\"ports\":2,\"level_\":\"Optional\\[5]\"\\}\n");
    }

    @Test
    void asJsonACauseIsInItsLine() {
        logger(LogFormat.JSON)
                .atError()
                .setCause(new IllegalStateException("boom"))
                .log("unexpected failure");
        assertThat(text().lines()).hasSize(1);
        assertThat(text()).contains("\"trace\":\"java.lang.IllegalStateException: boom\\n\\tat ");
    }

    private LineLogger logger(LogFormat format) {
        return new LineLogger(
                "io.jnet.engine.Thing",
                Level.INFO,
                new PrintStream(bytes, false, StandardCharsets.UTF_8),
                () -> format);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
