package io.jnet.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.daemon.terminal.WrongUsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

class PublishOptionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "8080:80 {'hostPort':8080,'containerPort':80,'protocol':'tcp'}",
                "53:5353/udp {'hostPort':53,'containerPort':5353,'protocol':'udp'}",
                "127.0.0.1:80:80 {'hostPort':80,'containerPort':80,'protocol':'tcp','hostIP':'127.0.0.1'}",
                "[::1]:80:80/sctp {'hostPort':80,'containerPort':80,'protocol':'sctp','hostIP':'::1'}",
            },
            quoteCharacter = '`')
    void readsWhatDockerReads(String option, String mapping) {
        assertThat(mappings(option)).hasToString("[" + mapping.replace('\'', '"') + "]");
    }

    @Test
    void readsRangesOfOneLength() {
        assertThat(mappings("8000-8002:9000-9002")).hasSize(3);
        assertThat(mappings("8000-8002:9000-9002").get(2).path("containerPort").asInt())
                .isEqualTo(9002);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "80",
                "0:80",
                "80:70000",
                "a:b",
                "80:80/icmp",
                "1.2.3:80:80",
                "[x]:80:80",
                "80-90:80",
                "90-80:90-80",
                "80:80;"
            })
    void refusesOthers(String option) {
        assertThatExceptionOfType(WrongUsageException.class).isThrownBy(() -> mappings(option));
    }

    private static ArrayNode mappings(String option) {
        ArrayNode mappings = JsonNodeFactory.instance.arrayNode();
        PublishOption.add(option, mappings);
        return mappings;
    }
}
