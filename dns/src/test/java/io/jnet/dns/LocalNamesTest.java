package io.jnet.dns;

import static io.jnet.dns.Neighbourhood.resolution;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.dns.forward.Timing;
import io.jnet.dns.server.ServerSet;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointState;
import io.jnet.engine.name.Resolution;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.network.NetworkId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Names of the client's own networks, asked of the whole resolver; nobody else is there to be asked. */
class LocalNamesTest {
    private static final Resolution USUAL = Resolution.DEFAULT;

    private final Neighbourhood host = new Neighbourhood();
    private final Resolver resolver =
            new Resolver(host, () -> new ServerSet(List.of()), Timing.DEFAULT, System::currentTimeMillis);
    private final NetworkId shop = host.network("shop", 1, USUAL);
    private final Asking client = new Asking(resolver, shop, "10.77.1.9");

    @AfterEach
    void close() {
        resolver.close();
    }

    @Test
    void containerIsKnownByItsNameWithTheDomainAndWithout() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2", "fd77:1::2");
        assertThat(client.ask("web", "A")).containsExactly("web 0 A 10.77.1.2");
        assertThat(client.ask("web", "AAAA")).containsExactly("web 0 AAAA fd77:1:0:0:0:0:0:2");
        assertThat(client.ask("web.shop.jnet.internal", "A")).containsExactly("web.shop.jnet.internal 0 A 10.77.1.2");
    }

    @Test
    void lettersOfTheQuestionStayAsTheyWere() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        assertThat(client.ask("wEb.Shop.JNET.internal", "A")).containsExactly("wEb.Shop.JNET.internal 0 A 10.77.1.2");
    }

    @Test
    void changeIsSeenByTheNextQuery() {
        assertThat(client.ask("web", "A")).containsExactly("NXDOMAIN");
        EndpointId web = host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        assertThat(client.ask("web", "A")).containsExactly("web 0 A 10.77.1.2");
        host.remove(web);
        assertThat(client.ask("web", "A")).containsExactly("NXDOMAIN");
        host.container(shop, "e2", "s2", List.of("web"), "10.77.1.3");
        assertThat(client.ask("web", "A")).containsExactly("web 0 A 10.77.1.3");
    }

    @Test
    void typeThatIsNotThereIsNothingAndNoMissingName() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        for (String type : List.of("AAAA", "MX", "HTTPS", "SRV", "PTR")) {
            Message answer = client.answer(Asking.query("web", type));
            assertThat(answer.getRcode()).as(type).isEqualTo(Rcode.NOERROR);
            assertThat(answer.getSection(Section.ANSWER)).as(type).isEmpty();
            assertThat(soa(answer).getTTL()).as(type).isZero();
        }
    }

    @Test
    void answersAreFromWhoKnowsAndSayThatOthersAreAsked() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        Message query = Asking.query("web", "A");
        Message answer = client.answer(query);
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(flags(answer, Flags.QR, Flags.AA, Flags.RD, Flags.RA)).containsOnly(true);
        assertThat(flags(answer, Flags.TC, Flags.AD, Flags.CD)).containsOnly(false);
    }

    @Test
    void aliasLeadsToTheOwnNameInTheFormOfTheQuestion() {
        host.container(shop, "e1", "s1", List.of("web", "www"), "10.77.1.2", "fd77:1::2");
        assertThat(client.ask("www", "A")).containsExactly("www 0 CNAME web.", "web 0 A 10.77.1.2");
        assertThat(client.ask("www.shop.jnet.internal", "AAAA"))
                .containsExactly(
                        "www.shop.jnet.internal 0 CNAME web.shop.jnet.internal.",
                        "web.shop.jnet.internal 0 AAAA fd77:1:0:0:0:0:0:2");
        assertThat(client.ask("www", "CNAME")).containsExactly("www 0 CNAME web.");
        assertThat(client.ask("www", "MX")).containsExactly("www 0 CNAME web.");
    }

    @Test
    void severalContainersOfOneNameTakeTurns() {
        host.container(shop, "e1", "s1", List.of("one", "web"), "10.77.1.2", "fd77:1::2");
        host.container(shop, "e2", "s2", List.of("two", "web"), "10.77.1.3", "fd77:1::3");
        host.container(shop, "e3", "s3", List.of("web"), "10.77.1.4", "fd77:1::4");
        Set<String> first4 = new HashSet<>();
        Set<String> first6 = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            List<String> answer4 = client.ask("web", "A");
            List<String> answer6 = client.ask("web", "AAAA");
            assertThat(answer4)
                    .containsExactlyInAnyOrder("web 0 A 10.77.1.2", "web 0 A 10.77.1.3", "web 0 A 10.77.1.4");
            first4.add(answer4.get(0));
            first6.add(answer6.get(0));
        }
        assertThat(first4).hasSize(3);
        assertThat(first6).hasSize(3);
    }

    @Test
    void turnsGoOnWhenSomethingElseChanges() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        host.container(shop, "e2", "s2", List.of("web"), "10.77.1.3");
        String first = client.ask("web", "A").get(0);
        host.endpoint(shop, "e3", Optional.empty(), EndpointState.CREATED, Optional.empty(), List.of(), "10.77.1.4");
        assertThat(client.ask("web", "A").get(0)).isNotEqualTo(first);
        NetworkId office = host.network("office", 2, USUAL);
        host.container(office, "e4", "s4", List.of("desk"), "10.77.2.4");
        assertThat(client.ask("web", "A").get(0)).isEqualTo(first);
        assertThat(new Asking(resolver, office, "10.77.2.4").ask("desk", "A")).containsExactly("desk 0 A 10.77.2.4");
    }

    @Test
    void networkThatSaysSomethingElseIsSeen() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        assertThat(client.ask("web.corp.test", "A")).containsExactly("SERVFAIL");
        host.network("shop", 1, resolution("corp.test", List.of()));
        assertThat(client.ask("web.corp.test", "A")).containsExactly("web.corp.test 0 A 10.77.1.2");
    }

    @Test
    void containerThatJoinsAnotherNetworkSeesItsNames() {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        NetworkId office = host.network("office", 2, USUAL);
        host.container(office, "e2", "s2", List.of("desk"), "10.77.2.2");
        Asking web = new Asking(resolver, shop, "10.77.1.2");
        assertThat(web.ask("desk", "A")).containsExactly("NXDOMAIN");
        EndpointId second = host.container(office, "e3", "s1", List.of("web"), "10.77.2.3");
        assertThat(web.ask("desk", "A")).containsExactly("desk 0 A 10.77.2.2");
        host.remove(second);
        assertThat(web.ask("desk", "A")).containsExactly("NXDOMAIN");
    }

    @Test
    void shortIdIsAName() {
        String id = "0123456789abcdef".repeat(4);
        host.endpoint(
                shop, "e1", Optional.of("s1"), EndpointState.JOINED, Optional.of(id), List.of("web"), "10.77.1.2");
        host.endpoint(
                shop, "e2", Optional.of("s2"), EndpointState.JOINED, Optional.of("no-hex"), List.of(), "10.77.1.3");
        assertThat(client.ask("0123456789ab", "A")).containsExactly("0123456789ab 0 A 10.77.1.2");
        assertThat(client.ask("0123456789ab.shop.jnet.internal", "A"))
                .containsExactly("0123456789ab.shop.jnet.internal 0 A 10.77.1.2");
        assertThat(client.ask("no-hex", "A")).containsExactly("NXDOMAIN");
    }

    @Test
    void endpointsThatNoContainerUsesAreNotThere() {
        for (EndpointState state : EndpointState.values()) {
            host.endpoint(shop, "e1", Optional.of("s1"), state, Optional.empty(), List.of("web"), "10.77.1.2");
            assertThat(client.ask("web", "A"))
                    .as(state.name())
                    .containsExactly(state == EndpointState.JOINED ? "web 0 A 10.77.1.2" : "NXDOMAIN");
        }
    }

    @Test
    void namesAreSeenOnTheNetworksThatAClientIsOnAndOnNoOther() {
        NetworkId office = host.network("office", 2, USUAL);
        host.container(shop, "e1", "s1", List.of("both"), "10.77.1.2");
        host.container(office, "e2", "s1", List.of("both"), "10.77.2.2");
        host.container(shop, "e3", "s3", List.of("till"), "10.77.1.3");
        host.container(office, "e4", "s4", List.of("desk"), "10.77.2.4");
        Asking both = new Asking(resolver, shop, "10.77.1.2");
        Asking bothAtOffice = new Asking(resolver, office, "10.77.2.2");
        Asking till = new Asking(resolver, shop, "10.77.1.3");
        assertThat(both.ask("desk", "A")).containsExactly("desk 0 A 10.77.2.4");
        assertThat(both.ask("desk.office.jnet.internal", "A"))
                .containsExactly("desk.office.jnet.internal 0 A 10.77.2.4");
        assertThat(bothAtOffice.ask("till", "A")).containsExactly("till 0 A 10.77.1.3");
        assertThat(both.ask("both", "A")).containsExactly("both 0 A 10.77.1.2");
        assertThat(bothAtOffice.ask("both", "A")).containsExactly("both 0 A 10.77.2.2");
        assertThat(till.ask("desk", "A")).containsExactly("NXDOMAIN");
        assertThat(till.ask("desk.office.jnet.internal", "A")).containsExactly("NXDOMAIN");
        assertThat(till.ask("4.2.77.10.in-addr.arpa", "PTR")).containsExactly("NXDOMAIN");
        assertThat(both.ask("4.2.77.10.in-addr.arpa", "PTR"))
                .containsExactly("4.2.77.10.in-addr.arpa 0 PTR desk.office.jnet.internal.");
    }

    @Test
    void aliasOnAnotherNetworkLeadsToTheNameThere() {
        NetworkId office = host.network("office", 2, USUAL);
        host.container(shop, "e1", "s1", List.of("me"), "10.77.1.2");
        host.container(office, "e2", "s1", List.of("me"), "10.77.2.2");
        host.container(shop, "e3", "s3", List.of("web"), "10.77.1.3");
        host.container(office, "e4", "s4", List.of("web", "www"), "10.77.2.4");
        assertThat(new Asking(resolver, shop, "10.77.1.2").ask("www", "A"))
                .containsExactly("www 0 CNAME web.", "web 0 A 10.77.2.4");
    }

    @Test
    void addressesHaveNames() {
        host.container(shop, "e1", "s1", List.of("web", "www"), "10.77.1.2", "fd77:1::2");
        assertThat(client.ask("2.1.77.10.in-addr.arpa", "PTR"))
                .containsExactly("2.1.77.10.in-addr.arpa 0 PTR web.shop.jnet.internal.");
        String reverse = "2" + ".0".repeat(15) + ".0".repeat(8) + ".1.0.0.0.7.7.d.f.ip6.arpa";
        assertThat(client.ask(reverse, "PTR")).containsExactly(reverse + " 0 PTR web.shop.jnet.internal.");
        assertThat(client.ask("3.1.77.10.in-addr.arpa", "PTR")).containsExactly("NXDOMAIN");
        assertThat(client.ask("2.1.77.10.in-addr.arpa", "A")).containsExactly("NOERROR");
    }

    /** There is nobody to ask here. */
    @ParameterizedTest
    @ValueSource(strings = {"NS", "SOA", "DS", "DNSKEY"})
    void whatAResolverAsksOfTopLevelDomainsIsAskedElsewhere(String type) {
        host.container(shop, "e1", "s1", List.of("web"), "10.77.1.2");
        assertThat(client.ask("com", type)).containsExactly("SERVFAIL");
        assertThat(client.ask("web", type)).containsExactly("NOERROR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AAAA", "MX", "TXT", "SRV", "ANY", "HTTPS"})
    void unknownLabelIsNotThere(String type) {
        Message answer = client.answer(Asking.query("nobody", type));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(soa(answer).getName()).hasToString("shop.jnet.internal.");
        assertThat(soa(answer).getMinimum()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody.shop.jnet.internal",
                "a.b.shop.jnet.internal",
                "web.office.jnet.internal",
                "other.jnet.internal",
                "7.0.0.127.in-addr.arpa",
                "x.2.1.77.10.in-addr.arpa",
                "0-25.1.77.10.in-addr.arpa",
                "x.0.0.0.0.0.0.0.0.1.0.0.0.7.7.d.f.ip6.arpa"
            })
    void unknownNamesOfOursAreNotThere(String name) {
        assertThat(client.ask(name, "A")).containsExactly("NXDOMAIN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.jnet.internal",
                "jnet.internal",
                "127.in-addr.arpa",
                "1.77.10.in-addr.arpa",
                "0.0.0.0.0.0.0.0.1.0.0.0.7.7.d.f.ip6.arpa"
            })
    void domainsAreThereAndNothingElse(String name) {
        assertThat(client.ask(name, "A")).containsExactly("NOERROR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "in-addr.arpa",
                "77.10.in-addr.arpa",
                "2.9.77.10.in-addr.arpa",
                "256.1.77.10.x.in-addr.arpa",
                "1.0.0.0.7.7.d.f.ip6.arpa",
                "example.com"
            })
    void otherNamesAreForOthers(String name) {
        // Nobody is there to be asked.
        assertThat(client.ask(name, "PTR")).containsExactly("SERVFAIL");
    }

    @Test
    void localhostIsTheClientItself() {
        assertThat(client.ask("localhost", "A")).containsExactly("localhost 86400 A 127.0.0.1");
        assertThat(client.ask("a.localhost", "AAAA")).containsExactly("a.localhost 86400 AAAA 0:0:0:0:0:0:0:1");
        assertThat(client.ask("localhost", "MX")).containsExactly("NOERROR");
        assertThat(client.ask("1.0.0.127.in-addr.arpa", "PTR"))
                .containsExactly("1.0.0.127.in-addr.arpa 86400 PTR localhost.");
    }

    @Test
    void ownDomainIsTheGivenOne() {
        NetworkId corp = host.network("corp", 3, resolution("corp.test", List.of()));
        host.container(corp, "e1", "s1", List.of("web"), "10.77.3.2");
        Asking asking = new Asking(resolver, corp, "10.77.3.9");
        assertThat(asking.ask("web.corp.test", "A")).containsExactly("web.corp.test 0 A 10.77.3.2");
        assertThat(asking.ask("web.corp.jnet.internal", "A")).containsExactly("NXDOMAIN");
        assertThat(asking.ask("none.corp.test", "A")).containsExactly("NXDOMAIN");
    }

    @Test
    void staticRecordsAreAnswered() {
        Asking asking = on(resolution(
                "",
                List.of(),
                "db.test=10.9.9.9",
                "db.test=10.9.9.10",
                "db.test=fd09::9",
                "www.test=CNAME db.test",
                "_http._tcp.test=SRV 0 5 80 web.test",
                "short=10.9.9.11"));
        assertThat(asking.ask("db.test", "A"))
                .containsExactlyInAnyOrder("db.test 30 A 10.9.9.9", "db.test 30 A 10.9.9.10");
        assertThat(asking.ask("db.test", "AAAA")).containsExactly("db.test 30 AAAA fd09:0:0:0:0:0:0:9");
        assertThat(asking.ask("www.test", "AAAA"))
                .containsExactly("www.test 30 CNAME db.test.", "db.test 30 AAAA fd09:0:0:0:0:0:0:9");
        assertThat(asking.ask("_http._tcp.test", "SRV")).containsExactly("_http._tcp.test 30 SRV 0 5 80 web.test.");
        assertThat(asking.ask("short", "A")).containsExactly("short 30 A 10.9.9.11");
        assertThat(asking.ask("short.static.jnet.internal", "A"))
                .containsExactly("short.static.jnet.internal 30 A 10.9.9.11");
    }

    @Test
    void staticRecordStandsInPlaceOfContainers() {
        Asking asking = on(resolution("", List.of(), "web=10.9.9.9", "_http._tcp=SRV 0 0 80 web", "db=SRV 0 0 1 web"));
        host.container(new NetworkId("net4"), "e1", "s1", List.of("web"), "10.77.4.2");
        host.container(new NetworkId("net4"), "e2", "s2", List.of("db"), "10.77.4.3");
        assertThat(asking.ask("web", "A")).containsExactly("web 30 A 10.9.9.9");
        assertThat(asking.ask("db", "A")).containsExactly("db 0 A 10.77.4.3");
        assertThat(asking.ask("db", "SRV")).containsExactly("db 0 SRV 0 0 1 web.");
    }

    @Test
    void serviceOfAnAliasStandsBesideTheContainersAddresses() {
        Asking asking = on(resolution("", List.of(), "www=SRV 0 0 80 web"));
        host.container(new NetworkId("net4"), "e1", "s1", List.of("web", "www"), "10.77.4.2");
        for (String name : List.of("www", "www.static.jnet.internal")) {
            assertThat(asking.ask(name, "A")).containsExactly(name + " 0 A 10.77.4.2");
            assertThat(asking.ask(name, "SRV")).containsExactly(name + " 0 SRV 0 0 80 web.");
        }
    }

    @Test
    void aliasLeadsToWhatStandsInPlaceOfTheContainer() {
        Asking asking = on(
                resolution("", List.of(), "web=10.9.9.9", "db=SRV 0 0 1 db", "mail=CNAME mx.test", "mx.test=10.9.9.8"));
        host.container(new NetworkId("net4"), "e1", "s1", List.of("web", "www"), "10.77.4.2");
        host.container(new NetworkId("net4"), "e2", "s2", List.of("db", "store"), "10.77.4.3");
        host.container(new NetworkId("net4"), "e3", "s3", List.of("mail", "smtp"), "10.77.4.4");
        assertThat(asking.ask("www", "A")).containsExactly("www 0 CNAME web.", "web 30 A 10.9.9.9");
        assertThat(asking.ask("store", "A")).containsExactly("store 0 CNAME db.", "db 0 A 10.77.4.3");
        assertThat(asking.ask("store", "SRV")).containsExactly("store 0 CNAME db.", "db 0 SRV 0 0 1 db.");
        assertThat(asking.ask("smtp", "A")).containsExactly("smtp 0 CNAME mx.test.", "mx.test 30 A 10.9.9.8");
    }

    @Test
    void wildcardHasNothingOfAContainer() {
        Asking asking = on(resolution("", List.of(), "*.db=SRV 0 0 1 db"));
        host.container(new NetworkId("net4"), "e1", "s1", List.of("db"), "10.77.4.3");
        assertThat(asking.ask("x.db", "SRV")).containsExactly("x.db 30 SRV 0 0 1 db.");
        assertThat(asking.ask("x.db", "A")).containsExactly("NOERROR");
        assertThat(asking.ask("db", "A")).containsExactly("db 0 A 10.77.4.3");
    }

    @Test
    void staticAliasMayLeadToAContainer() {
        Asking asking = on(resolution("", List.of(), "www.test=CNAME web", "home=CNAME web"));
        host.container(new NetworkId("net4"), "e1", "s1", List.of("web"), "10.77.4.2");
        assertThat(asking.ask("www.test", "A"))
                .containsExactly(
                        "www.test 30 CNAME web.static.jnet.internal.", "web.static.jnet.internal 0 A 10.77.4.2");
        assertThat(asking.ask("home", "A")).containsExactly("home 30 CNAME web.", "web 0 A 10.77.4.2");
    }

    @Test
    void aliasesInACircleAreAFailure() {
        Asking asking = on(resolution("", List.of(), "a.test=CNAME b.test", "b.test=CNAME a.test"));
        assertThat(asking.ask("a.test", "A")).containsExactly("SERVFAIL");
        assertThat(asking.ask("a.test", "CNAME")).containsExactly("a.test 30 CNAME b.test.");
    }

    @Test
    void aliasToNothingSaysSo() {
        Asking asking = on(resolution("", List.of(), "a.test=CNAME nobody"));
        Message answer = asking.answer(Asking.query("a.test", "A"));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(Asking.lines(answer)).containsExactly("a.test 30 CNAME nobody.static.jnet.internal.");
    }

    @Test
    void wildcardIsForNamesThatAreNotThere() {
        Asking asking = on(resolution(
                "",
                List.of(),
                "*.apps.test=10.9.9.1",
                "a.apps.test=10.9.9.2",
                "x.y.apps.test=10.9.9.3",
                "*.apps=10.9.9.4"));
        assertThat(asking.ask("q.apps.test", "A")).containsExactly("q.apps.test 30 A 10.9.9.1");
        assertThat(asking.ask("p.q.apps.test", "A")).containsExactly("p.q.apps.test 30 A 10.9.9.1");
        assertThat(asking.ask("q.apps.test", "AAAA")).containsExactly("NOERROR");
        assertThat(asking.ask("a.apps.test", "A")).containsExactly("a.apps.test 30 A 10.9.9.2");
        assertThat(asking.ask("x.apps", "A")).containsExactly("x.apps 30 A 10.9.9.4");
        assertThat(asking.ask("x.apps.static.jnet.internal", "A"))
                .containsExactly("x.apps.static.jnet.internal 30 A 10.9.9.4");
        assertThat(asking.ask("apps.static.jnet.internal", "A")).containsExactly("NOERROR");
        // Below names that are there, the wildcard of those above does not count; others are asked, and there are none.
        for (String name : List.of("b.a.apps.test", "z.y.apps.test", "y.apps.test", "apps.test")) {
            assertThat(asking.ask(name, "A")).as(name).containsExactly("SERVFAIL");
        }
    }

    @Test
    void wildcardOfANetworkHidesNoNameOfAnother() {
        NetworkId wild =
                host.network("wild", 2, resolution("", List.of(), "*.test=10.9.9.1", "*.jnet.internal=10.9.9.2"));
        NetworkId corp = host.network("corp", 3, resolution("corp.test", List.of(), "*.corp.test=10.9.9.3"));
        host.container(wild, "e1", "s1", List.of("me"), "10.77.2.2");
        host.container(corp, "e2", "s1", List.of("me"), "10.77.3.2");
        host.container(corp, "e3", "s3", List.of("desk"), "10.77.3.3");
        Asking both = new Asking(resolver, wild, "10.77.2.2");
        assertThat(both.ask("desk.corp.test", "A")).containsExactly("desk.corp.test 0 A 10.77.3.3");
        assertThat(both.ask("corp.test", "A")).containsExactly("NOERROR");
        assertThat(both.ask("x.test", "A")).containsExactly("x.test 30 A 10.9.9.1");
        assertThat(both.ask("x.corp.test", "A"))
                .as("its own network's comes first")
                .containsExactly("x.corp.test 30 A 10.9.9.1");
    }

    @Test
    void internalNetworkHasNoOutsideNames() {
        NetworkId vault = host.network(
                "vault", 5, resolution("", List.of("192.0.2.1"), "db.test=10.9.9.9"), NetworkFlag.INTERNAL);
        host.container(vault, "e1", "s1", List.of("safe"), "10.77.5.2");
        Asking asking = new Asking(resolver, vault, "10.77.5.2");
        Message answer = asking.answer(Asking.query("example.com", "A"));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(flags(answer, Flags.AD)).containsOnly(false);
        assertThat(soa(answer).getTTL()).isZero();
        assertThat(asking.ask("safe", "A")).containsExactly("safe 0 A 10.77.5.2");
        assertThat(asking.ask("db.test", "A")).containsExactly("db.test 30 A 10.9.9.9");
        // On another network besides, the container has them by that one's resolver: here nobody is there to be asked.
        // By this one its
        // neighbours could, with its address, get something out.
        host.container(shop, "e2", "s1", List.of("safe"), "10.77.1.2");
        host.container(shop, "e3", "s3", List.of("till"), "10.77.1.3");
        assertThat(asking.ask("example.com", "A")).containsExactly("REFUSED");
        assertThat(asking.ask("till", "A")).containsExactly("till 0 A 10.77.1.3");
        assertThat(new Asking(resolver, shop, "10.77.1.2").ask("example.com", "A"))
                .containsExactly("SERVFAIL");
    }

    @Test
    void networkThatAnswersNoNamesIsNotSeen() {
        NetworkId mute = host.network("mute", 6, Resolution.NONE);
        host.container(mute, "e1", "s1", List.of("safe"), "10.77.6.2");
        host.container(shop, "e2", "s1", List.of("web"), "10.77.1.2");
        assertThat(new Asking(resolver, shop, "10.77.1.2").ask("safe", "A")).containsExactly("NXDOMAIN");
        assertThat(new Asking(resolver, mute, "10.77.6.2").ask("safe", "A")).containsExactly("SERVFAIL");
        assertThat(client.ask("2.6.77.10.in-addr.arpa", "PTR")).containsExactly("NXDOMAIN");
    }

    @Test
    void networkThatAnswersNoNamesLeadsElsewhere() {
        NetworkId vault = host.network("vault", 5, USUAL, NetworkFlag.INTERNAL);
        NetworkId mute = host.network("mute", 6, Resolution.NONE);
        NetworkId closed = host.network("closed", 7, Resolution.NONE, NetworkFlag.INTERNAL);
        host.container(vault, "e1", "s1", List.of("safe"), "10.77.5.2");
        host.container(closed, "e2", "s1", List.of("safe"), "10.77.7.2");
        Asking asking = new Asking(resolver, vault, "10.77.5.2");
        assertThat(asking.ask("example.com", "A")).containsExactly("NXDOMAIN");
        host.container(mute, "e3", "s1", List.of("safe"), "10.77.6.2");
        assertThat(asking.ask("example.com", "A")).containsExactly("REFUSED");
    }

    private Asking on(Resolution resolution) {
        return new Asking(resolver, host.network("static", 4, resolution), "10.77.4.9");
    }

    private static SOARecord soa(Message message) {
        return (SOARecord) message.getSection(Section.AUTHORITY).get(0);
    }

    private static List<Boolean> flags(Message message, int... flags) {
        return java.util.Arrays.stream(flags)
                .mapToObj(flag -> message.getHeader().getFlag(flag))
                .toList();
    }
}
