package io.jnet.engine.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameValuesTest {
    @ParameterizedTest
    @CsvSource({
        "web, web",
        "WEB.a.Test., web.a.test",
        "_http._tcp.a.test, _http._tcp.a.test",
        "my_app-1, my_app-1",
        "123, 123"
    })
    void namesAreReadInAnyCase(String text, String name) {
        assertThat(DomainName.parse(text).text()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "-web",
                "web-",
                "a b",
                "a/b",
                "wéb",
                "a\nb",
                "*.a.test",
                "10.77.0.1",
                "web.1",
                "web.0x7f",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> DomainName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameHas253Characters() {
        String longest = "a.".repeat(126) + "b";
        assertThat(DomainName.parse(longest).text()).hasSize(DomainName.LONGEST);
        assertThatThrownBy(() -> DomainName.parse("a" + longest)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNameIsInItsDomainAndInNoOther() {
        DomainName domain = new DomainName("a.test");
        assertThat(new DomainName("a.test").isIn(domain)).isTrue();
        assertThat(new DomainName("web.a.test").isIn(domain)).isTrue();
        assertThat(new DomainName("bora.test").isIn(domain)).isFalse();
        assertThat(new DomainName("test").isIn(domain)).isFalse();
        assertThat(new DomainName("a.test.web").isIn(domain)).isFalse();
    }

    @Test
    void onlyANameWithoutDotsIsALabel() {
        assertThat(DomainName.label("Web")).contains(new DomainName("web"));
        assertThat(DomainName.label("web.")).contains(new DomainName("web"));
        assertThat(DomainName.label("web.test")).isEmpty();
        assertThat(DomainName.label("a b")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.53", "192.0.2.53#5353", "2001:db8::53", "2001:db8::53#5353", "corp.test=192.0.2.53"})
    void serversAreWrittenAsTheyAreRead(String text) {
        assertThat(NameServer.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.53:53",
                "192.0.2.53#0",
                "192.0.2.53#65536",
                "192.0.2.53#",
                "ns.test",
                "0.0.0.0",
                "=192.0.2.53",
                "a b=192.0.2.53"
            })
    void whatIsNoServerIsRefused(String text) {
        assertThatThrownBy(() -> NameServer.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.test=10.77.0.9",
                "db=fd00::9",
                "*.apps.test=10.77.0.9",
                "www.test=CNAME web.test",
                "_http._tcp.test=SRV 0 5 80 web.test"
            })
    void recordsAreWrittenAsTheyAreRead(String text) {
        assertThat(StaticRecord.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db",
                "db=",
                "db=web",
                "=10.77.0.9",
                "*=10.77.0.9",
                "a.*.test=10.77.0.9",
                "a b=10.77.0.9",
                "x=CNAME",
                "x=CNAME a b",
                "x=SRV 1 2 web",
                "x=SRV 65536 0 80 web",
                "x=SRV 0 0 80 10.77.0.1",
                "x=MX 10 mail"
            })
    void whatIsNoRecordIsRefused(String text) {
        assertThatThrownBy(() -> StaticRecord.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatContradictsItselfIsRefused() {
        DomainName domain = new DomainName("a.test");
        assertThatThrownBy(() -> new Resolution(false, Optional.of(domain), List.of(), List.of()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("not answered");
        List<StaticRecord> both = List.of(StaticRecord.parse("x=CNAME y"), StaticRecord.parse("x=10.77.0.9"));
        assertThatThrownBy(() -> new Resolution(true, Optional.empty(), List.of(), both))
                .isInstanceOf(EngineException.class)
                .hasMessage("x has a CNAME record, and so no other one");
        List<StaticRecord> twice = List.of(StaticRecord.parse("x=CNAME y"), StaticRecord.parse("x=CNAME z"));
        assertThatThrownBy(() -> new Resolution(true, Optional.empty(), List.of(), twice))
                .isInstanceOf(EngineException.class)
                .hasMessage("two CNAME records of x");
    }
}
