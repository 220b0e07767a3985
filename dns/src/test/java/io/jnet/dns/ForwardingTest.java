package io.jnet.dns;

import static io.jnet.dns.Neighbourhood.resolution;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.forward.Timing;
import io.jnet.dns.query.Query.Transport;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.NetworkId;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Names of others: what servers on loopback say, and what clients are told of it. */
@Timeout(60)
class ForwardingTest {
    /** Where a server is silent: short enough to be waited for, long enough for loopback on a busy machine. */
    private static final Timing SHORT = new Timing(700, 1000, 2400, 30_000);

    /** Where all servers answer: nobody is asked twice, however busy the machine. */
    private static final Timing PATIENT = new Timing(20_000, 30_000, 40_000, 30_000);

    private static final String SOA = " 900 IN SOA ns. root. 1 2 3 4 60";

    private final List<AutoCloseable> open = new ArrayList<>();
    /** Milliseconds that are added to the real clock. */
    private final AtomicLong later = new AtomicLong();

    private final Neighbourhood host = new Neighbourhood();
    private final NetworkId shop = host.network("shop", 1, Resolution.DEFAULT);
    private final FakeServer server = server(FakeServer.SILENT);
    private final FakeServer second = server(FakeServer.SILENT);
    private final Asking client = client(server);

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void nameIsAskedOfTheHostsServersOnce() {
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.1");
        assertThat(client.ask("WEB.test", "A")).containsExactly("WEB.test 60 A 192.0.2.1");
        assertThat(server.queries()).hasSize(1);
        Message query = server.queries().get(0);
        assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
    }

    @Test
    void ttlCountsDownAndThenTheServerIsAskedAgain() {
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        client.ask("web.test", "A");
        later.addAndGet(20_000);
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 40 A 192.0.2.1");
        later.addAndGet(40_000);
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.2"));
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.2");
    }

    /** Before a daemon ends. */
    @Test
    void whoeverWaitsIsToldBeforeTheEnd() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        server.say((query, tcp) -> {
            asked.countDown();
            awaitUninterruptibly(ending);
            return List.of(
                    FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1").toWire());
        });
        Resolver resolver = resolver(server);
        BlockingQueue<ByteBuffer> answers = new Asking(resolver, shop, "10.77.1.9")
                .send(Asking.query("web.test", "A").toWire(), Transport.UDP);
        awaitUninterruptibly(asked);
        resolver.finish(Duration.ofMillis(1));
        assertThat(answers).as("longer than it was let").isEmpty();
        ending.countDown();
        resolver.finish(Duration.ofSeconds(30));
        assertThat(answers).hasSize(1);
    }

    @Test
    void answerWithoutATimeIsNotKept() {
        server.say(FakeServer.records("web.test. 0 IN A 192.0.2.1"));
        client.ask("web.test", "A");
        client.ask("web.test", "A");
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void longTimesAreKeptForAnHour() {
        server.say(FakeServer.records("web.test. 604800 IN A 192.0.2.1"));
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 3600 A 192.0.2.1");
        later.addAndGet(3_600_000);
        client.ask("web.test", "A");
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void nameThatIsNotThereIsKeptAsItsDomainSays() {
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query, "test." + SOA), Rcode.NXDOMAIN)));
        assertThat(client.ask("none.test", "A")).containsExactly("NXDOMAIN");
        later.addAndGet(59_000);
        assertThat(client.ask("none.test", "A")).containsExactly("NXDOMAIN");
        assertThat(server.queries()).hasSize(1);
        later.addAndGet(1_000);
        client.ask("none.test", "A");
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void nothingOfWhichNobodySaysHowLongIsNotKept() {
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.NXDOMAIN)));
        client.ask("none.test", "A");
        client.ask("none.test", "A");
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void aliasesAreFollowedAndOnlyWhatBelongsToTheQuestionIsKept() {
        server.say((query, tcp) -> {
            Message answer = FakeServer.answer(
                    query,
                    "bank.test. 60 IN A 203.0.113.66",
                    "web.test. 60 IN CNAME host.test.",
                    "host.test. 30 IN A 192.0.2.1",
                    "test. 60 IN NS evil.test.");
            Records.of("evil.test. 60 IN A 203.0.113.66")
                    .forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
            return List.of(answer.toWire());
        });
        Message answer = client.answer(Asking.query("web.test", "A"));
        assertThat(Asking.lines(answer)).containsExactly("web.test 60 CNAME host.test.", "host.test 30 A 192.0.2.1");
        assertThat(answer.getSection(Section.AUTHORITY)).isEmpty();
        assertThat(answer.getSection(Section.ADDITIONAL)).isEmpty();
    }

    @Test
    void identicalQueriesAtTheSameTimeAreAskedOnce() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(1);
        server.say((query, tcp) -> {
            awaitUninterruptibly(all);
            return List.of(
                    FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1").toWire());
        });
        List<BlockingQueue<ByteBuffer>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(client.send(Asking.query("web.test", "A").toWire(), Transport.UDP));
        }
        all.countDown();
        for (BlockingQueue<ByteBuffer> answer : answers) {
            assertThat(Asking.lines(Asking.read(Asking.bytes(answer.poll(10, SECONDS)))))
                    .containsExactly("web.test 60 A 192.0.2.1");
        }
        assertThat(server.queries()).hasSize(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void answersOfTheWrongIdQuestionOrPortAreNotBelieved() {
        server.say((query, tcp) -> {
            Message good = FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1");
            Message forged = FakeServer.answer(query, "web.test. 60 IN A 203.0.113.66");
            byte[] otherId = forged.toWire();
            otherId[1] ^= 1;
            byte[] otherName = forged.toWire();
            otherName[13] ^= 1;
            byte[] otherType = forged.toWire();
            otherType[12 + "web.test".length() + 3] ^= 1;
            byte[] noAnswer = forged.toWire();
            noAnswer[2] &= 0x7f;
            byte[] noQuestion = forged.toWire();
            noQuestion[5] = 0;
            spoof(forged.toWire());
            return List.of(
                    otherId, otherName, otherType, noAnswer, noQuestion, new byte[5], new byte[0], good.toWire());
        });
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.1");
        assertThat(server.queries()).hasSize(1);
    }

    /** From another port than the server's. */
    private void spoof(byte[] message) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            List<InetSocketAddress> clients = server.clients();
            socket.send(new DatagramPacket(message, message.length, clients.get(clients.size() - 1)));
        }
    }

    @Test
    void portsAndIdsAreOthersEachTime() {
        server.say(FakeServer.records("web.test. 0 IN A 192.0.2.1"));
        for (int i = 0; i < 20; i++) {
            client.ask("web.test", "A");
        }
        Set<Integer> ports = new HashSet<>(
                server.clients().stream().map(from -> from.getPort()).toList());
        Set<Integer> ids = new HashSet<>(server.queries().stream()
                .map(query -> query.getHeader().getID())
                .toList());
        assertThat(ports).hasSizeGreaterThan(15);
        assertThat(ids).hasSizeGreaterThan(15);
    }

    @Test
    void truncatedAnswerIsAskedForAgainByTcp() {
        String[] many = manyAddresses(100);
        server.say((query, tcp) -> {
            Message answer = FakeServer.answer(query, tcp ? many : new String[0]);
            if (!tcp) {
                answer.getHeader().setFlag(Flags.TC);
            }
            return List.of(answer.toWire());
        });
        Message overTcp = client.answer(Asking.query("many.test", "A"), Transport.TCP);
        assertThat(Asking.lines(overTcp)).hasSize(100);
        assertThat(overTcp.getHeader().getFlag(Flags.TC)).isFalse();
        Message overUdp = client.answer(Asking.query("many.test", "A"));
        assertThat(overUdp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(overUdp.toWire().length).isBetween(500, 512);
        assertThat(Asking.lines(overUdp)).hasSize((512 - 12 - 15) / 16);
        Message query = Asking.query("many.test", "A");
        query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        Message large = client.answer(query);
        assertThat(large.numBytes()).isBetween(1200, 1232);
        assertThat(large.getOPT()).isNotNull();
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void truncatedAnswerIsGivenWhereTcpBringsNothing() {
        server.say((query, tcp) -> tcp ? List.of() : List.of(truncated(query, "many.test. 60 IN A 192.0.2.1")));
        second.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.SERVFAIL)));
        Asking both = client(server, second);
        for (Transport transport : Transport.values()) {
            Message answer = both.answer(Asking.query("many.test", "A"), transport);
            assertThat(Asking.lines(answer)).containsExactly("many.test 60 A 192.0.2.1");
            assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
        }
        assertThat(server.queries()).as("it is not kept").hasSize(4);
        assertThat(second.queries()).hasSize(2);
    }

    @Test
    void truncatedAnswerWithoutRecordsIsNoAnswerByTcp() {
        server.say((query, tcp) -> tcp ? List.of() : List.of(truncated(query)));
        Message overUdp = client.answer(Asking.query("many.test", "A"));
        assertThat(overUdp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(Asking.lines(overUdp)).containsExactly("NOERROR");
        Message overTcp = client.answer(Asking.query("many.test", "A"), Transport.TCP);
        assertThat(Asking.lines(overTcp)).containsExactly("SERVFAIL");
    }

    @Test
    void truncatedAnswerIsLessThanTheNextServersWholeOne() {
        server.say((query, tcp) -> tcp ? List.of() : List.of(truncated(query, "many.test. 60 IN A 192.0.2.1")));
        second.say(FakeServer.records("many.test. 60 IN A 192.0.2.2"));
        assertThat(client(server, second).ask("many.test", "A")).containsExactly("many.test 60 A 192.0.2.2");
    }

    /** Who asks for a name with a long answer does not decide who answers everybody. */
    @Test
    void serverThatTakesNoConnectionsIsStillAskedFirst() {
        server.say((query, tcp) -> {
            if (tcp) {
                return List.of();
            }
            return List.of(
                    query.getQuestion().getName().toString().startsWith("many")
                            ? truncated(query)
                            : FakeServer.answer(query, "web.test. 0 IN A 192.0.2.1")
                                    .toWire());
        });
        second.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.NXDOMAIN)));
        Asking both = client(server, second);
        assertThat(both.ask("many.test", "A")).containsExactly("NXDOMAIN");
        assertThat(both.ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.1");
    }

    private static byte[] truncated(Message query, String... lines) throws IOException {
        Message answer = FakeServer.answer(query, lines);
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    @Test
    void silentServerIsFollowedByTheNextAndAskedLastFromThenOn() {
        Asking both = impatient(server, second);
        second.say(FakeServer.records("web.test. 0 IN A 192.0.2.2"));
        long start = System.nanoTime();
        assertThat(both.ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.2");
        assertThat(System.nanoTime() - start).isGreaterThan(MILLISECONDS.toNanos(SHORT.server() - 20));
        // It may have been that name's own servers that were silent.
        both.ask("mail.test", "A");
        assertThat(server.queries()).hasSize(2);
        both.ask("web.test", "A");
        assertThat(server.queries()).hasSize(2);
        assertThat(second.queries()).hasSize(3);
    }

    /** Who asks for names whose own servers are silent does not decide who answers everybody. */
    @Test
    void serverThatKnowsSomeNamesIsStillAskedFirst() {
        Asking both = impatient(server, second);
        server.say((query, tcp) -> query.getQuestion().getName().toString().startsWith("slow")
                ? List.of()
                : List.of(FakeServer.answer(query, "web.test. 0 IN A 192.0.2.1").toWire()));
        second.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.NXDOMAIN)));
        for (String slow : List.of("slow1.test", "slow2.test", "slow3.test")) {
            assertThat(both.ask(slow, "A")).containsExactly("NXDOMAIN");
            assertThat(both.ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.1");
        }
    }

    @Test
    void slowServerIsStillHeardAfterTheNextWasAsked() {
        Asking both = impatient(server, second);
        second.say((query, tcp) -> {
            // The first one answers only now.
            Message asked = server.queries().get(0);
            byte[] answer =
                    FakeServer.answer(asked, "web.test. 60 IN A 192.0.2.1").toWire();
            server.send(answer, server.clients().get(0));
            return List.of();
        });
        assertThat(both.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.1");
    }

    @Test
    void serverThatRefusesOrFailsIsFollowedByTheNextAtOnce() {
        Asking both = client(server, second);
        for (int rcode : List.of(Rcode.SERVFAIL, Rcode.REFUSED)) {
            server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), rcode)));
            second.say(FakeServer.records("web.test. 0 IN A 192.0.2.2"));
            assertThat(both.ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.2");
        }
        server.close();
        assertThat(client(server, second).ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.2");
    }

    /** From one that asks nobody else. */
    @Test
    void referralIsNoAnswer() {
        server.say((query, tcp) -> {
            Message referral = FakeServer.answer(query, "test. 60 IN NS ns.test.");
            referral.getHeader().unsetFlag(Flags.RA);
            return List.of(referral.toWire());
        });
        second.say(FakeServer.records("web.test. 0 IN A 192.0.2.2"));
        assertThat(client(server, second).ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.2");
        assertThat(client.ask("web.test", "A")).containsExactly("SERVFAIL");
        // One that knows that there is nothing says so, by itself or by the domain.
        server.say((query, tcp) -> {
            Message nothing = FakeServer.answer(query, "test." + SOA);
            nothing.getHeader().unsetFlag(Flags.RA);
            return List.of(nothing.toWire());
        });
        assertThat(client.ask("web.test", "AAAA")).containsExactly("NOERROR");
    }

    @Test
    void failureIsSaidAtOnceWhereAllServersFail() {
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.SERVFAIL)));
        long start = System.nanoTime();
        assertThat(client.ask("web.test", "A")).containsExactly("SERVFAIL");
        assertThat(client().ask("web.test", "A")).containsExactly("SERVFAIL");
        assertThat(System.nanoTime() - start).isLessThan(MILLISECONDS.toNanos(PATIENT.server()));
    }

    @Test
    void failureIsSaidInTimeWhereAllServersAreSilent() {
        long start = System.nanoTime();
        assertThat(impatient(server).ask("web.test", "A")).containsExactly("SERVFAIL");
        assertThat(System.nanoTime() - start).isGreaterThan(MILLISECONDS.toNanos(SHORT.total() - 20));
        // The datagram may have been lost: it was sent again, with another id.
        assertThat(server.queries()).hasSizeGreaterThan(1);
        assertThat(Timing.DEFAULT.total()).isLessThan(5000);
    }

    @Test
    void serverThatDoesNotKnowEdnsIsAskedWithoutIt() {
        server.say((query, tcp) -> query.getOPT() != null
                ? List.of(rcode(FakeServer.answer(query), Rcode.FORMERR))
                : List.of(
                        FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1").toWire()));
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.1");
    }

    @Test
    void serverThatIsSilentToEdnsIsAskedWithoutIt() {
        server.say((query, tcp) -> query.getOPT() != null
                ? List.of()
                : List.of(
                        FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1").toWire()));
        assertThat(impatient(server).ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.1");
        Message query = Asking.query("web.test", "A");
        query.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        assertThat(impatient(server).answer(query).getRcode())
                .as("signatures cannot be asked for without it")
                .isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void staleAnswerIsGivenWhereServersAreSilentAndAtOnceAfterThat() {
        Asking asking = impatient(server);
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        asking.ask("web.test", "A");
        server.say(FakeServer.SILENT);
        later.addAndGet(61_000);
        long start = System.nanoTime();
        assertThat(asking.ask("web.test", "A")).containsExactly("web.test 30 A 192.0.2.1");
        long waited = System.nanoTime() - start;
        assertThat(waited)
                .isBetween(MILLISECONDS.toNanos(SHORT.stale() - 20), MILLISECONDS.toNanos(SHORT.total() - 20));
        start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(asking.ask("web.test", "A")).containsExactly("web.test 30 A 192.0.2.1");
        }
        assertThat(System.nanoTime() - start).isLessThan(10 * MILLISECONDS.toNanos(SHORT.stale()));
        later.addAndGet(3_600_000);
        assertThat(asking.ask("web.test", "A")).containsExactly("SERVFAIL");
    }

    @Test
    void serverThatAnswersAgainIsBelievedInPlaceOfTheStaleAnswer() {
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        client.ask("web.test", "A");
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query), Rcode.SERVFAIL)));
        later.addAndGet(61_000);
        assertThat(client.ask("web.test", "A")).containsExactly("web.test 30 A 192.0.2.1");
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query, "test." + SOA), Rcode.NXDOMAIN)));
        later.addAndGet(31_000);
        assertThat(client.ask("web.test", "A")).containsExactly("NXDOMAIN");
    }

    @Test
    void signaturesAreForThoseWhoWantThem() {
        String signature = "web.test. 60 IN RRSIG A 8 2 60 20300101000000 20200101000000 1 test. AAAA";
        server.say((query, tcp) -> {
            Message answer = FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1", signature);
            answer.getHeader().setFlag(Flags.AD);
            return List.of(answer.toWire());
        });
        Message plain = client.answer(Asking.query("web.test", "A"));
        assertThat(Asking.lines(plain)).hasSize(1);
        assertThat(plain.getHeader().getFlag(Flags.AD)).isFalse();
        Message query = Asking.query("web.test", "A");
        query.addRecord(new OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
        Message signed = client.answer(query);
        assertThat(Asking.lines(signed)).hasSize(2);
        assertThat(signed.getHeader().getFlag(Flags.AD)).isTrue();
        assertThat(server.queries()).hasSize(2);
    }

    @Test
    void networksOwnServersAreAskedByTheLongestDomain() {
        FakeServer third = server(FakeServer.records("a.b.corp.test. 60 IN A 192.0.2.3"));
        server.say(FakeServer.records("a.b.corp.test. 60 IN A 192.0.2.1"));
        second.say(FakeServer.records("x.corp.test. 60 IN A 192.0.2.2", "label. 60 IN A 192.0.2.2"));
        NetworkId office = host.network(
                "office",
                2,
                resolution(
                        "corp.test",
                        List.of(
                                third.text(),
                                "b.corp.test=" + server.text(),
                                "corp.test=" + second.text(),
                                "label=" + second.text())));
        host.container(office, "e1", "s1", List.of("web"), "10.77.2.2");
        Asking asking = client(office, "10.77.2.2");
        assertThat(asking.ask("a.b.corp.test", "A")).containsExactly("a.b.corp.test 60 A 192.0.2.1");
        // The domain is the network's own, too: what it does not know is asked of the server that is named for it.
        assertThat(asking.ask("x.corp.test", "A")).containsExactly("x.corp.test 60 A 192.0.2.2");
        assertThat(asking.ask("web.corp.test", "A")).containsExactly("web.corp.test 0 A 10.77.2.2");
        assertThat(asking.ask("label", "A")).containsExactly("label 60 A 192.0.2.2");
        assertThat(asking.ask("other", "A")).containsExactly("NXDOMAIN");
        third.say(FakeServer.records("web.test. 60 IN A 192.0.2.3"));
        assertThat(asking.ask("web.test", "A")).containsExactly("web.test 60 A 192.0.2.3");
    }

    @Test
    void serverForADomainAboveTheNetworksIsNotAskedForNamesOfThat() {
        server.say(FakeServer.records("x.test. 60 IN A 192.0.2.1"));
        NetworkId office = host.network("office", 2, resolution("corp.test", List.of("test=" + server.text())));
        Asking asking = client(office, "10.77.2.2");
        assertThat(asking.ask("x.test", "A")).containsExactly("x.test 60 A 192.0.2.1");
        assertThat(asking.ask("x.corp.test", "A")).containsExactly("NXDOMAIN");
    }

    @Test
    void networksWithOtherServersDoNotShareAnswers() {
        NetworkId office = host.network("office", 2, resolution("", List.of(second.text())));
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        second.say(FakeServer.records("web.test. 60 IN A 192.0.2.2"));
        Resolver resolver = resolver(server);
        assertThat(new Asking(resolver, shop, "10.77.1.9").ask("web.test", "A"))
                .containsExactly("web.test 60 A 192.0.2.1");
        assertThat(new Asking(resolver, office, "10.77.2.9").ask("web.test", "A"))
                .containsExactly("web.test 60 A 192.0.2.2");
    }

    @Test
    void staticAliasMayLeadOutside() {
        NetworkId office = host.network("office", 2, resolution("", List.of(), "docs=CNAME web.test"));
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        Asking asking = client(office, "10.77.2.9");
        for (int i = 0; i < 2; i++) {
            assertThat(asking.ask("docs", "A")).containsExactly("docs 30 CNAME web.test.", "web.test 60 A 192.0.2.1");
        }
        server.say((query, tcp) -> List.of(rcode(FakeServer.answer(query, "test." + SOA), Rcode.NXDOMAIN)));
        Message answer = asking.answer(Asking.query("docs", "AAAA"));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(Asking.lines(answer)).containsExactly("docs 30 CNAME web.test.");
    }

    /** By UDP it is as if the question were lost, so that it is asked again. */
    @Test
    void oneThatAsksTooMuchIsNotAnsweredAndOthersAre() {
        host.container(shop, "e1", "s1", List.of("flood"), "10.77.1.2");
        Resolver resolver = resolver(server);
        Asking flood = new Asking(resolver, shop, "10.77.1.2");
        List<BlockingQueue<ByteBuffer>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(flood.send(Asking.query("n" + i + ".test", "A").toWire(), Transport.UDP));
        }
        answers.add(flood.send(Asking.query("more.test", "A").toWire(), Transport.UDP));
        assertThat(Asking.lines(flood.answer(Asking.query("more.test", "A"), Transport.TCP)))
                .containsExactly("SERVFAIL");
        assertThat(answers).allMatch(BlockingQueue::isEmpty);
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        assertThat(new Asking(resolver, shop, "10.77.1.9").ask("web.test", "A"))
                .containsExactly("web.test 60 A 192.0.2.1");
        assertThat(flood.ask("flood", "A")).containsExactly("flood 0 A 10.77.1.2");
        assertThat(server.queries())
                .noneMatch(query -> query.getQuestion().getName().toString().equals("more.test."));
    }

    @Test
    void whatIsAnsweredDoesNotCountAnyMore() {
        server.say(FakeServer.records("web.test. 0 IN A 192.0.2.1"));
        for (int i = 0; i < 150; i++) {
            assertThat(client.ask("web.test", "A")).containsExactly("web.test 0 A 192.0.2.1");
        }
    }

    @Test
    void queryThatDoesNotWantOthersAskedIsRefused() {
        Message query = Asking.query("web.test", "A");
        query.getHeader().unsetFlag(Flags.RD);
        assertThat(client.answer(query).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(server.queries()).isEmpty();
    }

    @Test
    void labelsAndOurAddressesNeverLeaveTheHost() {
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        for (String name : List.of("nobody", "x.jnet.internal", "9.1.77.10.in-addr.arpa", "x.localhost")) {
            client.ask(name, "A");
        }
        assertThat(server.queries()).isEmpty();
        client.ask("9.9.9.10.in-addr.arpa", "PTR");
        assertThat(server.queries()).hasSize(1);
    }

    @Test
    void ourOwnListenersAreNotAsked() {
        NetworkId office = host.network("office", 2, resolution("", List.of("10.77.1.1", "corp.test=fd77:2::1")));
        Resolver resolver = new Resolver(
                host,
                () -> new ServerSet(List.of(new InetSocketAddress("10.77.2.1", 53), server.address())),
                PATIENT,
                System::currentTimeMillis);
        open.add(resolver);
        server.say(FakeServer.records("web.test. 60 IN A 192.0.2.1"));
        long start = System.nanoTime();
        assertThat(new Asking(resolver, office, "10.77.2.9").ask("web.test", "A"))
                .containsExactly("SERVFAIL");
        assertThat(new Asking(resolver, office, "10.77.2.9").ask("web.corp.test", "A"))
                .containsExactly("SERVFAIL");
        assertThat(new Asking(resolver, shop, "10.77.1.9").ask("web.test", "A"))
                .containsExactly("web.test 60 A 192.0.2.1");
        assertThat(System.nanoTime() - start).isLessThan(MILLISECONDS.toNanos(PATIENT.server()));
    }

    @Test
    void closedResolverAsksNobodyAndSaysNothingWrong() throws Exception {
        Resolver resolver = resolver(server);
        BlockingQueue<ByteBuffer> answers = new Asking(resolver, shop, "10.77.1.9")
                .send(Asking.query("web.test", "A").toWire(), Transport.UDP);
        while (server.queries().isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
        resolver.close();
        assertThat(answers).isEmpty();
        resolver.close();
    }

    @Test
    void malformedAnswersAreFailures() {
        List<UnaryOperator<byte[]>> damages = List.of(good -> Arrays.copyOf(good, good.length - 3), good -> {
            // The first record's name is a pointer to itself.
            byte[] loop = good.clone();
            int at = 12 + "web.test".length() + 2 + 4;
            loop[at] = (byte) 0xc0;
            loop[at + 1] = (byte) at;
            return loop;
        });
        for (UnaryOperator<byte[]> damage : damages) {
            server.say((query, tcp) -> List.of(damage.apply(
                    FakeServer.answer(query, "web.test. 60 IN A 192.0.2.1").toWire())));
            assertThat(client.ask("web.test", "A")).containsExactly("SERVFAIL");
        }
    }

    private static String[] manyAddresses(int count) {
        String[] lines = new String[count];
        Arrays.setAll(lines, i -> "many.test. 60 IN A 192.0.2." + i);
        return lines;
    }

    private static byte[] rcode(Message message, int rcode) {
        message.getHeader().setRcode(rcode);
        return message.toWire();
    }

    private FakeServer server(FakeServer.Script script) {
        FakeServer made = new FakeServer(script);
        open.add(made);
        return made;
    }

    private Resolver resolver(FakeServer... servers) {
        return resolver(PATIENT, servers);
    }

    private Resolver resolver(Timing timing, FakeServer... servers) {
        Resolver made = new Resolver(
                host, () -> FakeServer.set(servers), timing, () -> System.nanoTime() / 1_000_000 + later.get());
        open.add(made);
        return made;
    }

    private Asking impatient(FakeServer... servers) {
        return new Asking(resolver(SHORT, servers), shop, "10.77.1.9");
    }

    private Asking client(FakeServer... servers) {
        return new Asking(resolver(servers), shop, "10.77.1.9");
    }

    private Asking client(NetworkId network, String address) {
        return new Asking(resolver(server), network, address);
    }
}
