package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import io.jnet.testbed.names.LookUp;
import io.jnet.testbed.names.NamedBox;
import io.jnet.testbed.names.OutsideServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Names, as real clients ask for them in namespaces that are attached by hand: the resolvers of glibc and musl, and dig. */
@SystemTest
class NamesSystemTest {
    @RegisterExtension
    static final JnetLab LAB = new JnetLab();

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    /** What dig(1) is told where an answer must come. */
    private static final String PATIENTLY = "+time=20";
    /** And where none need come. */
    private static final String SHORTLY = "+time=1";

    private static final String GATEWAY = "10.88.0.1";
    private static final String GATEWAY_6 = "fd00:88::1";
    private static final String OUTSIDE_NAME = "www.outside.test";
    private static final String OUTSIDE_ADDRESS = "192.0.2.9";
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "%s", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "ranges": [[{"subnet": "10.%s.0.0/24"}], [{"subnet": "fd00:%s::/64"}]]}%s}
            """;

    private static OutsideServer outside;

    private final List<NamedBox> boxes = new ArrayList<>();

    @BeforeAll
    static void answerOutside() {
        outside = OutsideServer.start(LAB.lab().outside(), OUTSIDE_NAME + "=" + OUTSIDE_ADDRESS);
    }

    @AfterAll
    static void stopAnswering() {
        outside.stop();
    }

    @BeforeEach
    void makeNetwork() {
        network("web", 88, "");
    }

    @AfterEach
    void removeEverything() {
        boxes.forEach(NamedBox::remove);
        Eventually.holds("no endpoint is left", JnetDaemon.UNASKED, () -> LAB.jnet()
                .json("endpoint", "ls")
                .isEmpty());
        LAB.jnet().json("network", "ls").forEach(network -> LAB.jnet()
                .run("network", "rm", network.path("name").asString())
                .orThrow());
    }

    @Test
    void aNeighbourIsFoundByEachOfItsNames() {
        List<String> addresses = addresses(box("db").attach("web", "--alias", "store"), "db");
        NamedBox client = box("client");
        client.attach("web");

        for (LookUp resolver : LookUp.values()) {
            for (String name : List.of("db", "DB", "store", "db.web.jnet.internal", "store.web.jnet.internal")) {
                assertThat(resolver.in(client, name))
                        .as("%s %s", resolver, name)
                        .containsExactlyInAnyOrderElementsOf(addresses);
            }
            assertThat(resolver.in(client, OUTSIDE_NAME)).as("%s", resolver).containsExactly(OUTSIDE_ADDRESS);
            assertThat(resolver.in(client, "nobody")).isEmpty();
            assertThat(resolver.in(client, "nobody.web.jnet.internal")).isEmpty();
        }
        assertThat(outside.wasAskedFor("nobody"))
                .as("a name without dots left the host")
                .isFalse();
        assertThat(outside.wasAskedFor("nobody.web.jnet.internal")).isFalse();
        assertThat(outside.wasAskedFor(OUTSIDE_NAME)).isTrue();
    }

    @Test
    void anAttachedNamespaceHasFilesOfItsOwn() {
        NamedBox client = box("client");
        String address = client.attach("web", "--name", "front");
        assertThat(client.file("resolv.conf"))
                .contains("nameserver " + GATEWAY, "nameserver " + GATEWAY_6, "search web.jnet.internal");
        assertThat(client.file("hosts")).contains(address + "\tfront", "127.0.0.1\tlocalhost");
        client.detach("web");
        assertThat(LAB.host().run("ls", "/etc/netns/client").succeeded()).isFalse();
    }

    @Test
    void digSeesRecordsOfEveryKindByEveryWay() {
        String address = box("db").attach("web", "--alias", "store");
        NamedBox client = box("client");
        client.attach("web");
        for (String way : List.of("+notcp", "+tcp")) {
            for (String server : List.of("@" + GATEWAY, "@" + GATEWAY_6)) {
                assertThat(client.dig(way, server, "db", "A"))
                        .as("%s %s", way, server)
                        .containsExactly(address);
            }
        }
        assertThat(client.dig("store", "A")).containsExactly("db.", address);
        assertThat(client.dig("-x", address)).containsExactly("db.web.jnet.internal.");
        assertThat(header(client, "db", "MX"))
                .as("a name without such a record")
                .contains("status: NOERROR");
        assertThat(header(client, "nobody", "A")).contains("status: NXDOMAIN");
        assertThat(header(client, "web.jnet.internal", "AXFR")).doesNotContain(address);
    }

    /** What the container searches, and how many dots make a name a whole one, is its own business. */
    @Test
    void twoSearchedDomainsAreOfTwoNetworks() {
        network("a", 91, ", \"resolver\": {\"domain\": \"a.test\"}");
        network("b", 92, ", \"resolver\": {\"domain\": \"b.test\"}");
        List<String> web = addresses(box("web").attach("a"), "web");
        List<String> mail = addresses(box("mail").attach("b"), "mail");
        NamedBox client = box("client");
        client.attach("b", "--interface", "eth1", "--dns-search", "a.test", "--dns-search", "b.test");
        client.attach("a", "--dns-search", "a.test", "--dns-search", "b.test");
        assertThat(client.file("resolv.conf")).contains("search a.test b.test");

        NamedBox other = box("other");
        other.attach("b");
        for (int dots : List.of(1, 5)) {
            LAB.host().shell("echo 'options ndots:" + dots + "' >>/etc/netns/client/resolv.conf");
            for (LookUp resolver : LookUp.values()) {
                for (String name : List.of("web", "web.a.test")) {
                    assertThat(resolver.in(client, name))
                            .as("%s %s", resolver, name)
                            .containsExactlyInAnyOrderElementsOf(web);
                }
                for (String name : List.of("mail", "mail.b.test")) {
                    assertThat(resolver.in(client, name))
                            .as("%s %s", resolver, name)
                            .containsExactlyInAnyOrderElementsOf(mail);
                }
            }
        }
        for (LookUp resolver : LookUp.values()) {
            assertThat(resolver.in(client, "web.b.test")).isEmpty();
            // From there only one of the two is seen.
            assertThat(resolver.in(other, "mail")).containsExactlyInAnyOrderElementsOf(mail);
            assertThat(resolver.in(other, "web")).isEmpty();
            assertThat(resolver.in(other, "web.a.test")).isEmpty();
        }
    }

    @Test
    void whatAContainersHostsFileSaysComesFirst() {
        String address = box("db").attach("web");
        NamedBox client = box("client");
        client.attach("web");
        LAB.host().shell("echo '192.0.2.77 db' >>/etc/netns/client/hosts");
        for (LookUp resolver : LookUp.values()) {
            assertThat(resolver.in(client, "db")).as("%s", resolver).containsExactly("192.0.2.77");
        }
        assertThat(client.dig("db", "A")).containsExactly(address);
    }

    @Test
    void aNameFollowsItsContainer() {
        NamedBox db = box("db");
        db.attach("web", "--ip", "10.88.0.20");
        NamedBox client = box("client");
        client.attach("web");
        assertThat(everywhere(client, "db"))
                .allSatisfy(found -> assertThat(found).contains("10.88.0.20"));
        db.detach("web");
        Eventually.holds("the name is gone", AT_ONCE, () -> everywhere(client, "db").stream()
                .allMatch(List::isEmpty));
        db.attach("web", "--ip", "10.88.0.30");
        Eventually.holds("the name is back", AT_ONCE, () -> everywhere(client, "db").stream()
                .allMatch(found -> found.contains("10.88.0.30") && !found.contains("10.88.0.20")));
    }

    /** The daemon's restart takes no name away, and nobody is told meanwhile that there is none. */
    @Test
    void namesOutliveTheDaemon() {
        String address = box("db").attach("web");
        NamedBox client = box("client");
        client.attach("web");
        LAB.jnet().kill();
        assertThat(unanswered(client.run("dig", "+tries=1", SHORTLY, "db").everything()))
                .isTrue();
        LAB.jnet().startAgain();
        assertThat(client.dig("db", "A")).containsExactly(address);
    }

    @Test
    void aRestartTellsNobodyThatThereIsNoSuchName() {
        List<String> addresses = addresses(box("db").attach("web"), "db");
        NamedBox client = box("client");
        client.attach("web");
        CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> {
            LAB.jnet().stop();
            LAB.jnet().startAgain();
        });
        do {
            CommandResult answer = LookUp.MUSL.ask(client, "db");
            assertThat(answer.everything()).doesNotContain("does not resolve");
            assertThat(addresses).containsAll(LookUp.addresses(answer));
            assertThat(client.run("dig", "+tries=1", SHORTLY, "db", "A").output())
                    .doesNotContain("NXDOMAIN", "ANSWER: 0");
        } while (!restart.isDone());
        restart.join();
    }

    @Test
    void aThousandNamesAreAnswered() {
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "name" + i).toList();
        List<String> options = new ArrayList<>();
        names.forEach(name -> options.addAll(List.of("--alias", name)));
        String address = box("db").attach("web", options.toArray(String[]::new));
        NamedBox client = box("client");
        client.attach("web");
        LAB.host().shell("seq -f 'name%g A' 0 999 >/run/names");
        assertThat(client.dig("-f", "/run/names"))
                .filteredOn(line -> line.equals(address))
                .hasSize(names.size());
    }

    @Test
    void anInternalNetworkHasNoNamesOfOthers() {
        PluginContainer inside =
                PluginContainer.start(LAB.host(), LAB.jnet(), 96, "\"com.docker.network.internal\":\"true\"");
        try {
            String name = "inside.outside.test";
            assertThat(inside.execute(dig("+notcp", PATIENTLY, "10.96.0.1", name))
                            .output())
                    .contains("status: NXDOMAIN");
            assertThat(outside.wasAskedFor(name)).isFalse();
        } finally {
            inside.remove();
        }
    }

    @Test
    void nobodyElseIsAnswered() {
        box("db").attach("web");
        NamedBox client = box("client");
        client.attach("web");
        NamedBox stranger = box("stranger");
        network("back", 93, "");
        stranger.attach("back");
        LAB.lab().outside().shell("ip route replace 10.88.0.0/24 via " + Lab.HOST_ADDRESS);

        assertThat(client.dig("@" + GATEWAY, "db", "A")).hasSize(1);
        for (String way : List.of("+notcp", "+tcp")) {
            assertThat(unanswered(stranger.run(dig(way, GATEWAY)).everything()))
                    .as("from another network, %s", way)
                    .isTrue();
            assertThat(unanswered(LAB.lab().outside().run(dig(way, GATEWAY)).everything()))
                    .as("from outside, %s", way)
                    .isTrue();
            assertThat(unanswered(
                            LAB.lab().outside().run(dig(way, Lab.HOST_ADDRESS)).everything()))
                    .as("from outside at the host's address, %s", way)
                    .isTrue();
        }
        assertThat(LookUp.GLIBC.in(stranger, "db")).isEmpty();
    }

    /** Whoever publishes the port has it at the host's addresses, and the resolver at that of its bridge. */
    @Test
    void aPublishedPort53DoesNotHideTheResolver() {
        String address = box("db").attach("web");
        NamedBox server = box("server");
        server.attach("web", "-p", "53:53/udp", "-p", "53:53/tcp");
        NamedBox client = box("client");
        client.attach("web");
        for (String way : List.of("+notcp", "+tcp")) {
            assertThat(client.dig(way, "@" + GATEWAY, "db", "A")).containsExactly(address);
            assertThat(client.dig(way, "@" + GATEWAY_6, "db", "A")).containsExactly(address);
        }
        assertThat(LookUp.MUSL.in(client, "db")).contains(address);
    }

    /** A resolver of the host's owner has port 53 of all addresses whenever it comes; containers notice nothing. */
    @Test
    void theHostsOwnResolverIsLeftAlone() {
        String address = box("db").attach("web");
        NamedBox client = box("client");
        client.attach("web");
        OutsideServer own = OutsideServer.start(LAB.host(), "own.host.test=192.0.2.88");
        try {
            network("late", 94, "");
            String another = box("another").attach("late");
            NamedBox late = box("late");
            late.attach("late");
            for (String way : List.of("+notcp", "+tcp")) {
                assertThat(client.dig(way, "@" + GATEWAY, "db", "A")).containsExactly(address);
                assertThat(late.dig(way, "@10.94.0.1", "another", "A")).containsExactly(another);
                assertThat(late.dig(way, "@fd00:94::1", "another", "A")).containsExactly(another);
            }
            assertThat(LookUp.MUSL.in(client, "db")).contains(address);
            assertThat(LAB.host()
                            .run("dig", "+short", "@127.0.0.1", "own.host.test")
                            .text())
                    .isEqualTo("192.0.2.88");
        } finally {
            own.stop();
        }
    }

    /** What each resolver finds. */
    private static List<List<String>> everywhere(NamedBox client, String name) {
        return Stream.of(LookUp.values())
                .map(resolver -> resolver.in(client, name))
                .toList();
    }

    private NamedBox box(String name) {
        NamedBox box = NamedBox.make(LAB.host(), name);
        boxes.add(box);
        return box;
    }

    /** Makes a network with these keys, and leaves nothing on it. */
    private static void network(String name, int number, String keys) {
        Machine host = LAB.host();
        host.run("ip", "netns", "add", "first").orThrow();
        String configuration = CONFIGURATION.formatted(name, number, number, keys);
        CniCall.of("ADD", "first", configuration).run(host).result();
        CniCall.of("DEL", "first", configuration).run(host).succeeded();
        host.run("ip", "netns", "delete", "first").orThrow();
    }

    /** Both addresses of the box. */
    private static List<String> addresses(String first, String name) {
        for (JsonNode endpoint : LAB.jnet().json("endpoint", "ls")) {
            if (endpoint.at("/names/0").asString().equals(name)) {
                List<String> addresses = new ArrayList<>();
                endpoint.path("addresses")
                        .forEach(one -> addresses.add(one.asString().replaceFirst("/.*", "")));
                assertThat(addresses).contains(first).hasSize(2);
                return addresses;
            }
        }
        throw new AssertionError("no endpoint is called " + name);
    }

    private static String header(NamedBox client, String name, String type) {
        return client.run("dig", "+tries=1", PATIENTLY, name, type).output();
    }

    private static String[] dig(String way, String server) {
        return dig(way, SHORTLY, server, "db.web.jnet.internal").toArray(String[]::new);
    }

    private static List<String> dig(String way, String time, String server, String name) {
        return List.of("dig", way, "+tries=1", time, "@" + server, name);
    }

    private static boolean unanswered(String printed) {
        return !printed.contains("status:") && printed.contains("no servers could be reached");
    }
}
