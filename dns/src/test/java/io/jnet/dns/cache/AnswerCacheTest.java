package io.jnet.dns.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.Asking;
import io.jnet.dns.message.WireName;
import io.jnet.dns.server.ServerSet;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.NULLRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class AnswerCacheTest {
    private static final StoredAnswer ANSWER = answer(0);

    private final AtomicLong clock = new AtomicLong();
    private final AnswerCache cache = new AnswerCache(clock::get);

    @Test
    void answerIsFreshForItsTime() {
        cache.put(key("a"), ANSWER, 10);
        clock.set(9_999);
        assertThat(cache.get(key("a"))).contains(new AnswerCache.Kept(ANSWER, 9, false));
        clock.set(10_000);
        assertThat(cache.get(key("a"))).isEmpty();
    }

    @Test
    void staleAnswerIsThereForAnHourAndGivenAtOnceForHalfAMinute() {
        cache.put(key("a"), ANSWER, 10);
        clock.set(20_000);
        assertThat(cache.get(key("a"))).isEmpty();
        assertThat(cache.getStale(key("a"))).contains(new AnswerCache.Kept(ANSWER, 20, true));
        clock.set(49_999);
        assertThat(cache.get(key("a"))).isPresent();
        clock.set(50_000);
        assertThat(cache.get(key("a"))).isEmpty();
        clock.set(3_609_999);
        assertThat(cache.getStale(key("a"))).isPresent();
        clock.set(3_610_000);
        assertThat(cache.getStale(key("a"))).isEmpty();
        assertThat(cache.get(key("a"))).isEmpty();
    }

    @Test
    void laterAnswerTakesThePlaceAndOneWithoutTimeLeavesNone() {
        StoredAnswer later = answer(1);
        cache.put(key("a"), ANSWER, 10);
        cache.put(key("a"), later, 10);
        assertThat(cache.get(key("a")).map(AnswerCache.Kept::answer)).isEqualTo(Optional.of(later));
        cache.put(key("a"), ANSWER, 0);
        assertThat(cache.getStale(key("a"))).isEmpty();
        assertThat(cache.size()).isZero();
    }

    @Test
    void noMoreThanTenThousandAreKeptAndTheOneNotAskedForLongestGoes() {
        for (int i = 0; i < 10_000; i++) {
            cache.put(key("n" + i), ANSWER, 10);
        }
        assertThat(cache.get(key("n0"))).isPresent();
        cache.put(key("more"), ANSWER, 10);
        assertThat(cache.size()).isEqualTo(10_000);
        assertThat(cache.get(key("n0"))).isPresent();
        assertThat(cache.get(key("n1"))).isEmpty();
    }

    @Test
    void noMoreThanEightMegabytesAreKept() {
        StoredAnswer large = answer(60_000);
        for (int i = 0; i < 1000; i++) {
            cache.put(key("n" + i), large, 10);
        }
        assertThat(cache.size()).isBetween(120, 8 * 1024 * 1024 / 60_000);
        // What is put again takes no more.
        for (int i = 0; i < 1000; i++) {
            cache.put(key("same"), large, 10);
        }
        assertThat(cache.size()).isGreaterThan(120);
    }

    @Test
    void answersAreOfTheirQuestionAlone() {
        CacheKey key = key("a");
        cache.put(key, ANSWER, 10);
        ServerSet others = new ServerSet(List.of(new InetSocketAddress("192.0.2.1", 53)));
        for (CacheKey other : List.of(
                key("b"),
                new CacheKey(others, key.name(), key.type(), false, false),
                new CacheKey(key.servers(), key.name(), Type.AAAA, false, false),
                new CacheKey(key.servers(), key.name(), key.type(), true, false),
                new CacheKey(key.servers(), key.name(), key.type(), false, true))) {
            assertThat(cache.get(other)).isEmpty();
        }
    }

    private static CacheKey key(String name) {
        return new CacheKey(new ServerSet(List.of()), WireName.of(name), Type.A, false, false);
    }

    private static StoredAnswer answer(int bytes) {
        Message message = Asking.query("a", "NULL");
        byte[] data = new byte[bytes];
        Arrays.fill(data, (byte) 7);
        message.addRecord(new NULLRecord(Asking.name("a"), DClass.IN, 10, data), Section.ANSWER);
        return StoredAnswer.of(message.toWire());
    }
}
