package io.jnet.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.host.ChangedSetting;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecodedRecordsTest {
    private final DecodedRecords records = new DecodedRecords();

    @Test
    void theSameBytesAreDecodedOnce() {
        byte[] one = StateJson.encode(ChangedSetting.keptAside("net/ipv4/ip_forward", "0"));
        ChangedSetting first = decode(one, "a");
        assertThat(decode(one.clone(), "a")).isSameAs(first);
        byte[] other = StateJson.encode(ChangedSetting.keptAside("net/ipv4/ip_forward", "1"));
        assertThat(decode(other, "a")).isNotEqualTo(first);
    }

    @Test
    void whatWasWrittenIsKnown() {
        ChangedSetting written = ChangedSetting.keptAside("net/ipv4/ip_forward", "0");
        byte[] bytes = StateJson.encode(written);
        records.remember(bytes, written, "a");
        assertThat(decode(bytes.clone(), "a")).isSameAs(written);
        assertThat(decode(StateJson.encode(ChangedSetting.keptAside("net/ipv4/ip_forward", "1")), "a"))
                .as("taken back, or another transaction's")
                .isNotEqualTo(written);
    }

    /** A reader of what was before a removal puts the record back after it was forgotten. */
    @Test
    void whatIsGoneIsNotKeptForEver() {
        byte[] one = StateJson.encode(ChangedSetting.keptAside("net/ipv4/ip_forward", "0"));
        ChangedSetting stays = decode(one, "stays");
        ChangedSetting gone = decode(one, "0");
        for (int i = 1; i < 1000; i++) {
            decode(one, Integer.toString(i));
            records.keepOnly(ChangedSetting.class, Set.of("stays"));
        }
        assertThat(decode(one, "stays")).isSameAs(stays);
        assertThat(decode(one, "0")).isNotSameAs(gone);
    }

    private ChangedSetting decode(byte[] bytes, String key) {
        return records.decode(bytes, ChangedSetting.class, key);
    }
}
