package io.jnet.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.dns.Asking;
import io.jnet.dns.cache.AnswerCache;
import io.jnet.dns.cache.CacheKey;
import io.jnet.dns.message.Question;
import io.jnet.dns.message.WireName;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.server.ServerSet;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Type;

/** A server answers any bytes: what is kept of them is a message that clients can read, or nothing is. */
class ServerAnswerFuzzTest {
    private static final CacheKey KEY =
            new CacheKey(new ServerSet(List.of()), WireName.of("web.test"), Type.A, true, false);
    private static final byte[] QUERY = Asking.query("web.test", "A").toWire();

    @FuzzTest
    void isReadOrPassedOver(byte[] message) throws Exception {
        new ServerQuery(KEY, 7, true).isAnsweredBy(ByteBuffer.wrap(message));
        Optional<ServerAnswer> read = ServerAnswer.read(message, KEY);
        if (read.isEmpty()) {
            return;
        }
        assertThat(read.get().ttl()).isBetween(0, AnswerCache.MOST_TTL);
        Question question = Question.read(ByteBuffer.wrap(QUERY)).orElseThrow();
        for (Transport transport : Transport.values()) {
            AnswerCache.Kept kept = new AnswerCache.Kept(read.get().answer(), 5, false);
            byte[] reply = Asking.bytes(kept.answer().reply(question, transport, kept::ttl));
            Message answer = new Message(reply);
            assertThat(answer.getQuestion()).isEqualTo(new Message(QUERY).getQuestion());
            assertThat(reply.length).isLessThanOrEqualTo(transport == Transport.UDP ? 512 : 65_535);
        }
    }
}
