package io.jnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jnet.dns.forward.Timing;
import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.xbill.DNS.Message;

/** A container sends any bytes: one answer that belongs to them and fits, or none. */
class QueryFuzzTest {
    private static final Neighbourhood HOST = new Neighbourhood();
    private static final NetworkId NETWORK = HOST.network(
            "shop",
            1,
            Neighbourhood.resolution(
                    "", List.of(), "*.apps.test=10.9.9.1", "www.test=CNAME web", "_a._tcp.test=SRV 0 0 80 web"));
    private static final Resolver RESOLVER =
            new Resolver(HOST, () -> new ServerSet(List.of()), Timing.DEFAULT, System::currentTimeMillis);

    static {
        HOST.container(NETWORK, "e1", "s1", List.of("web", "alias"), "10.77.1.2", "fd77:1::2");
        HOST.container(NETWORK, "e2", "s2", List.of("db"), "10.77.1.3");
        HOST.container(NETWORK, "e3", "s3", List.of("db"), "10.77.1.4");
    }

    @AfterAll
    static void close() {
        RESOLVER.close();
    }

    @FuzzTest
    void isAnsweredOnceOrNotAtAll(byte[] message) throws Exception {
        for (Transport transport : Transport.values()) {
            List<ByteBuffer> answers = new ArrayList<>();
            boolean answered = RESOLVER.respond(
                    new Query(ByteBuffer.wrap(message), NETWORK, IpAddress.parse("10.77.1.2"), transport),
                    answers::add);
            boolean deserves = message.length >= 12 && message[2] >= 0;
            assertThat(answers).hasSize(deserves ? 1 : 0);
            assertThat(answered).isEqualTo(deserves);
            for (ByteBuffer answer : answers) {
                byte[] bytes = Asking.bytes(answer);
                assertThat(bytes).startsWith(message[0], message[1]);
                assertThat(bytes.length).isLessThanOrEqualTo(transport == Transport.UDP ? 1232 : 65_535);
                assertThat(new Message(bytes).toWire()).isNotEmpty();
            }
        }
    }
}
