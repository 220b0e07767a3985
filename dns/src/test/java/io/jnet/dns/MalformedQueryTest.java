package io.jnet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.forward.Timing;
import io.jnet.dns.query.Query;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Queries that are not plain ones. */
class MalformedQueryTest {
    private final Neighbourhood host = new Neighbourhood();
    private final Resolver resolver =
            new Resolver(host, () -> new ServerSet(List.of()), Timing.DEFAULT, System::currentTimeMillis);
    private final NetworkId shop = host.network("shop", 1, Resolution.DEFAULT);
    private final Asking client = new Asking(resolver, shop, "10.77.1.9");

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void whatIsCutOffIsAMalformedQueryOrNone() {
        Message query = Asking.query("web", "A");
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        byte[] whole = query.toWire();
        for (int length = 0; length < whole.length; length++) {
            List<Message> answers = answers(Arrays.copyOf(whole, length));
            if (length < 12) {
                assertThat(answers).as("%d bytes", length).isEmpty();
            } else {
                assertThat(answers).as("%d bytes", length).hasSize(1);
                assertThat(answers.get(0).getRcode()).isEqualTo(Rcode.FORMERR);
                assertThat(answers.get(0).getHeader().getID())
                        .isEqualTo(query.getHeader().getID());
            }
        }
    }

    @Test
    void answersAreNotAnswered() {
        Message query = Asking.query("web", "A");
        query.getHeader().setFlag(Flags.QR);
        assertThat(answers(query.toWire())).isEmpty();
        assertThat(answers(new byte[] {0, 1, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
                .isEmpty();
    }

    @Test
    void oneQuestionIsAnsweredAndNotNoneOrTwo() {
        Message two = Asking.query("web", "A");
        two.addRecord(two.getQuestion(), Section.QUESTION);
        assertThat(client.answer(two).getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(client.answer(new Message(7)).getRcode()).isEqualTo(Rcode.FORMERR);
        for (byte count : new byte[] {0, 2}) {
            byte[] query = Asking.query("web", "A").toWire();
            query[5] = count;
            assertThat(answers(query).get(0).getRcode()).as("%d", count).isEqualTo(Rcode.FORMERR);
        }
    }

    @Test
    void namesThatNeverEndAreMalformed() {
        byte[] query = Asking.query("web", "A").toWire();
        byte[] pointer = query.clone();
        pointer[12] = (byte) 0xc0;
        pointer[13] = 12;
        byte[] longLabel = query.clone();
        longLabel[12] = 0x40;
        byte[] endless = Arrays.copyOf(query, 12 + 1000);
        Arrays.fill(endless, 12, endless.length, (byte) 1);
        for (byte[] message : List.of(pointer, longLabel, endless)) {
            assertThat(answers(message)).singleElement().satisfies(answer -> assertThat(answer.getRcode())
                    .isEqualTo(Rcode.FORMERR));
        }
    }

    @Test
    void whatFollowsTheMessageIsMalformed() {
        byte[] query = Asking.query("web", "A").toWire();
        assertThat(answers(Arrays.copyOf(query, query.length + 1)).get(0).getRcode())
                .isEqualTo(Rcode.FORMERR);
    }

    @ParameterizedTest
    @ValueSource(ints = {Opcode.IQUERY, Opcode.STATUS, Opcode.NOTIFY, Opcode.UPDATE, 15})
    void otherOperationsAreNotImplemented(int opcode) {
        Message query = Asking.query("web", "A");
        query.getHeader().setOpcode(opcode);
        Message answer = client.answer(query);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answer.getHeader().getOpcode()).isEqualTo(opcode);
    }

    @ParameterizedTest
    @CsvSource({
        "web.test, AXFR, IN",
        "web.test, IXFR, IN",
        "web.test, TSIG, IN",
        "web.test, OPT, IN",
        "web.test, MAILB, IN",
        "version.bind, TXT, CH",
        "web, A, HS",
        "web, A, ANY"
    })
    void whatIsNoRecordOfTheInternetIsRefused(String name, String type, String dclass) {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        Message query = Message.newQuery(Record.newRecord(Asking.name(name), Type.value(type), DClass.value(dclass)));
        assertThat(client.answer(query).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void ednsIsAnsweredWhereItIsAskedWith() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        assertThat(client.answer(Asking.query("web", "A")).getOPT()).isNull();
        Message query = Asking.query("web", "A");
        query.addRecord(
                new OPTRecord(4096, 0, 0, ExtendedFlags.DO, List.of(new CookieOption(new byte[8]))),
                Section.ADDITIONAL);
        Message answer = client.answer(query);
        assertThat(Asking.lines(answer)).containsExactly("web 0 A 10.77.1.2");
        assertThat(answer.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(answer.getOPT().getOptions()).isEmpty();
        assertThat(answer.getOPT().getFlags()).isEqualTo(ExtendedFlags.DO);
    }

    @Test
    void unknownVersionOfEdnsIsSaidToBeOne() {
        Message query = Asking.query("web", "A");
        query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
        Message answer = client.answer(query);
        assertThat(answer.getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(answer.getOPT().getVersion()).isZero();
    }

    @Test
    void secondOptRecordIsMalformed() {
        Message query = Asking.query("web", "A");
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        assertThat(client.answer(query).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void answersFitTheClientsDatagramAndAllOfThemAConnection() {
        for (int i = 2; i < 252; i++) {
            host.container(shop, "e" + i, "s" + i, List.of("crowd"), "10.77.1." + i, "fd77:1::" + i);
        }
        Message plain = client.answer(Asking.query("crowd", "A"));
        assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(plain.numBytes()).isBetween(490, 512);
        assertThat(Asking.lines(plain)).hasSizeGreaterThan(20);
        Message query = Asking.query("crowd", "AAAA");
        query.addRecord(new OPTRecord(800, 0, 0), Section.ADDITIONAL);
        assertThat(client.answer(query).numBytes()).isBetween(770, 800);
        Message overTcp = client.answer(Asking.query("crowd", "AAAA"), Transport.TCP);
        assertThat(overTcp.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(Asking.lines(overTcp)).hasSize(250);
    }

    @Test
    void messageMayStandAnywhereInItsBuffer() {
        byte[] query = Asking.query("nobody", "A").toWire();
        ByteBuffer buffer = ByteBuffer.allocateDirect(query.length + 20);
        buffer.position(7).put(query).flip().position(7);
        List<ByteBuffer> answers = new ArrayList<>();
        resolver.respond(new Query(buffer, shop, IpAddress.parse("10.77.1.9"), Transport.UDP), answers::add);
        assertThat(Asking.lines(Asking.read(Asking.bytes(answers.get(0))))).containsExactly("NXDOMAIN");
    }

    @Test
    void networkThatIsNotKnownIsAFailureAndNoMissingName() {
        assertThat(new Asking(resolver, new NetworkId("other"), "10.77.1.9").ask("web", "A"))
                .containsExactly("SERVFAIL");
    }

    private List<Message> answers(byte[] message) {
        List<Message> answers = new ArrayList<>();
        resolver.respond(
                new Query(ByteBuffer.wrap(message), shop, IpAddress.parse("10.77.1.9"), Transport.UDP),
                answer -> answers.add(Asking.read(Asking.bytes(answer))));
        return answers;
    }
}
