package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.ActivatedDaemon;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.names.LookUp;
import io.jnet.testbed.names.NamedBox;
import io.jnet.testbed.names.OutsideServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names across the ends of a daemon whose sockets somebody keeps, as systemd does for jnet's unit. */
@SystemTest
class KeptNamesSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTSIDE_NAME = "www.outside.test";
    private static final String OUTSIDE_ADDRESS = "192.0.2.9";
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.88.0.0/24"}], [{"subnet": "fd00:88::/64"}]]}}
            """;

    private static Lab lab;
    private static ActivatedDaemon jnet;
    private static OutsideServer outside;
    private static NamedBox client;
    private static String address;

    /** Whoever asks has one try, and more time than any start takes: what is lost or refused is not answered. */
    @BeforeAll
    static void start() {
        lab = Lab.open();
        jnet = ActivatedDaemon.listen(lab.host(), lab.folder());
        outside = OutsideServer.start(lab.outside(), OUTSIDE_NAME + "=" + OUTSIDE_ADDRESS);
        lab.host().run("ip", "netns", "add", "first").orThrow();
        CniCall.of("ADD", "first", CONFIGURATION).run(lab.host()).result();
        address = NamedBox.make(lab.host(), "db").attach("web");
        client = NamedBox.make(lab.host(), "client");
        client.attach("web");
        lab.host().shell("echo 'options timeout:60 attempts:1' >>/etc/netns/client/resolv.conf");
    }

    @AfterAll
    static void close() {
        try {
            outside.stop();
            jnet.close();
        } finally {
            lab.close();
        }
    }

    @Test
    void whatIsAskedMeanwhileIsAnsweredByTheNextDaemon() {
        String listening = listening();
        jnet.end("KILL");
        List<CompletableFuture<Void>> asking = new ArrayList<>();
        Stream.of(LookUp.values()).forEach(resolver -> asking.add(beside(() -> ask(resolver))));
        asking.add(beside(() -> assertThat(dig("+tcp", "db")).as("by TCP").containsExactly(address)));
        asking.add(beside(
                () -> assertThat(dig("+notcp", OUTSIDE_NAME)).as("of others").containsExactly(OUTSIDE_ADDRESS)));
        Eventually.holds("queries wait, and a connection", PATIENCE, () -> waiting("udp") > 0 && waiting("tcp") > 0);
        assertThat(asking).noneMatch(CompletableFuture::isDone);

        startByAsking();
        asking.forEach(CompletableFuture::join);
        assertThat(listening()).isEqualTo(listening);
    }

    @Test
    void noneIsLostWhenTheDaemonIsAskedToStop() {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<CompletableFuture<Void>> asking = Stream.of(LookUp.values())
                .map(resolver -> beside(() -> {
                    while (!over.get()) {
                        ask(resolver);
                        answered.incrementAndGet();
                    }
                }))
                .toList();
        for (int i = 0; i < 3; i++) {
            int before = answered.get();
            Eventually.holds("names are answered", PATIENCE, () -> answered.get() > before + 10);
            jnet.end("TERM");
            startByAsking();
        }
        over.set(true);
        asking.forEach(CompletableFuture::join);
    }

    /** What was kept for a network goes with it. */
    @Test
    void nothingIsKeptForNoNetwork() {
        lab.host().run("ip", "netns", "add", "second").orThrow();
        String configuration = CONFIGURATION.replace("web", "late").replace("88", "89");
        int before = listening().lines().toList().size();
        CniCall.of("ADD", "second", configuration).run(lab.host()).result();
        assertThat(listening().lines()).hasSize(2 * before);
        CniCall.of("DEL", "second", configuration).run(lab.host()).succeeded();
        lab.host().run(launcher(), "network", "rm", "late").orThrow();
        Eventually.holds(
                "the sockets are closed",
                PATIENCE,
                () -> listening().lines().toList().size() == before);
    }

    /** Not in the common pool: it has as many threads as the machine has processors, and each of these waits. */
    private static CompletableFuture<Void> beside(Runnable question) {
        return CompletableFuture.runAsync(question, task -> new Thread(task, "asks for names").start());
    }

    private static void ask(LookUp resolver) {
        assertThat(resolver.in(client, "db")).as("%s", resolver).contains(address);
    }

    private static List<String> dig(String way, String name) {
        return client.run("dig", "+short", "+tries=1", "+time=60", way, name, "A")
                .lines();
    }

    /** As dockerd or a command does. */
    private static void startByAsking() {
        lab.host()
                .run("curl", "-sS", "--fail", "--unix-socket", JnetDaemon.SOCKET, "http://jnet/v1/status")
                .orThrow();
    }

    private static String launcher() {
        return JnetDaemon.distribution().resolve("bin/jnet").toString();
    }

    /** The resolvers' sockets, whoever holds them. */
    private static String listening() {
        return lab.host().shell("ss -Hlntu 'sport >= :900 and sport <= :1023' | awk '{ print $1, $5 }' | sort");
    }

    /** Bytes of datagrams, or connections, that nobody has taken. */
    private static int waiting(String protocol) {
        return Integer.parseInt(lab.host()
                .shell("ss -Hln --" + protocol
                        + " 'sport >= :900 and sport <= :1023' | awk '{ waiting += $2 } END { print waiting + 0 }'")
                .strip());
    }
}
