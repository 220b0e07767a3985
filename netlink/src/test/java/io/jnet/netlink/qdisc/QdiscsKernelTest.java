package io.jnet.netlink.qdisc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.link.IfbCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.LinkKind;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class QdiscsKernelTest {
    private static final int PRIORITY = 27246;
    private static final int NO_LINK = 9999;
    private static final Duration LATENCY = Duration.ofMillis(25);
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07");

    private NetlinkSocket socket;
    private Links links;
    private Qdiscs qdiscs;
    private Filters filters;
    private int link;
    private int ifb;

    @BeforeEach
    void makeLinks() {
        socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        links = Links.over(socket);
        qdiscs = Qdiscs.over(socket);
        filters = Filters.over(socket);
        Link host = links.create(
                VethCreation.of(VethEnd.of(new InterfaceName("jvhost")), VethEnd.of(new InterfaceName("jvpeer"))));
        link = host.index();
        ifb = links.create(new IfbCreation(new InterfaceName("jihost"), MAC, 1400, "jnet test"))
                .index();
    }

    @AfterEach
    void deleteLinks() {
        links.deleteAll(List.of(link, ifb));
        socket.close();
    }

    @Test
    void makesAnIfbLinkThatGetsNoAddress() {
        assertThat(links.find(ifb).orElseThrow().isUp()).isFalse();
        links.setUp(ifb);
        Link made = links.find(ifb).orElseThrow();
        assertThat(made.kind()).contains(new LinkKind.Ifb());
        assertThat(made.isUp()).isTrue();
        assertThat(made.alias()).contains("jnet test");
        assertThat(made.mac()).contains(MAC);
        assertThat(made.mtu()).isEqualTo(1400);
        assertThat(Commands.run("ip", "-o", "address", "show", "dev", "jihost")).isEmpty();
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() ->
                        links.create(new IfbCreation(new InterfaceName("jihost"), MAC, 1400, "jnet another test")))
                .matches(refused -> refused.errno().equals(Errno.EEXIST));
        assertThat(links.find(ifb).orElseThrow().alias()).contains("jnet test");
    }

    @Test
    void setsChangesAndDeletesATokenBucket() {
        assertThat(qdiscs.root(link).flatMap(Qdisc::tokenBucket)).isEmpty();

        qdiscs.replaceRoot(link, TokenBucket.of(1_000_000, 128 << 10, LATENCY));
        assertThat(Commands.run("tc", "qdisc", "show", "dev", "jvhost", "root"))
                .contains("tbf", "rate 8Mbit burst 128Kb lat 25ms");
        assertThat(bucket()).contains(TokenBucket.of(1_000_000, 128 << 10, LATENCY));
        long handle = qdiscs.root(link).orElseThrow().header().handle();

        qdiscs.replaceRoot(link, TokenBucket.of(125_000, 20_000, LATENCY));
        assertThat(Commands.run("tc", "qdisc", "show", "dev", "jvhost", "root")).contains("rate 1Mbit burst 20000b");
        assertThat(qdiscs.root(link).orElseThrow().header().handle())
                .as("the same qdisc")
                .isEqualTo(handle);

        assertThat(qdiscs.deleteRoot(link)).isTrue();
        assertThat(qdiscs.deleteRoot(link)).isFalse();
        assertThat(Commands.run("tc", "qdisc", "show", "dev", "jvhost")).doesNotContain("tbf");
    }

    @Test
    void replacesAQdiscOfAnotherKind() {
        Commands.run("tc", "qdisc", "add", "dev", "jvhost", "root", "htb");
        qdiscs.replaceRoot(link, TokenBucket.of(1_000_000, 128 << 10, LATENCY));
        assertThat(Commands.run("tc", "qdisc", "show", "dev", "jvhost"))
                .contains("tbf")
                .doesNotContain("htb");
    }

    @Test
    void keepsRatesOfMoreThan32Bits() {
        qdiscs.replaceRoot(ifb, TokenBucket.of(5_000_000_000L, 1 << 20, LATENCY));
        assertThat(Commands.run("tc", "qdisc", "show", "dev", "jihost", "root")).contains("rate 40Gbit", "lat 25ms");
        TokenBucket fastest = TokenBucket.of(125_000_000_000_000L, TokenBucket.MAX_BYTES, LATENCY);
        qdiscs.replaceRoot(ifb, fastest);
        assertThat(qdiscs.root(ifb).flatMap(Qdisc::tokenBucket))
                .matches(one -> one.orElseThrow().isSameAs(fastest));
    }

    /** The tokens of four minutes and more have no room in the struct, but in the attribute. */
    @Test
    void keepsABurstThatTakesVeryLong() {
        TokenBucket slow = TokenBucket.of(125, TokenBucket.MAX_BYTES / 2, LATENCY);
        qdiscs.replaceRoot(link, slow);
        assertThat(bucket().orElseThrow().isSameAs(slow)).isTrue();
    }

    @Test
    void redirectsWhatALinkReceives() {
        assertThat(filters.ingress(link)).isEmpty();
        assertThat(qdiscs.addIngress(link)).isTrue();
        assertThat(qdiscs.addIngress(link)).isFalse();
        filters.redirectIngress(link, PRIORITY, ifb);

        assertThat(Commands.run("tc", "filter", "show", "dev", "jvhost", "ingress"))
                .contains(
                        "protocol all pref 27246 u32",
                        "match 00000000/00000000 at 0",
                        "mirred (Egress Redirect to device jihost) stolen");
        assertThat(redirections()).containsExactly(OptionalInt.of(ifb));

        assertThat(filters.deleteIngress(link, PRIORITY)).isTrue();
        assertThat(filters.deleteIngress(link, PRIORITY)).isFalse();
        assertThat(redirections()).isEmpty();
        assertThat(qdiscs.deleteIngress(link)).isTrue();
        assertThat(qdiscs.deleteIngress(link)).isFalse();
        assertThat(filters.deleteIngress(link, PRIORITY)).isFalse();
    }

    @Test
    void redirectsBesideTheFiltersOfOthers() {
        Commands.run("tc", "qdisc", "add", "dev", "jvhost", "clsact");
        Commands.run(
                "tc", "filter", "add", "dev", "jvhost", "ingress", "pref", "1", "u32", "match", "u32", "1", "1",
                "action", "mirred", "egress", "mirror", "dev", "jihost");
        assertThat(qdiscs.addIngress(link)).isFalse();
        filters.redirectIngress(link, PRIORITY, ifb);

        assertThat(redirections()).containsExactly(OptionalInt.of(ifb));
        filters.deleteIngress(link, PRIORITY);
        assertThat(filters.ingress(link)).isNotEmpty().allMatch(filter -> filter.priority() == 1);
    }

    /** The kernel tells such a filter no more than the number of the link that has gone. */
    @Test
    void aRedirectionOutlivesItsTarget() {
        qdiscs.addIngress(link);
        filters.redirectIngress(link, PRIORITY, ifb);
        links.delete(ifb);

        assertThat(redirections()).noneMatch(target -> target.equals(OptionalInt.of(ifb)));
    }

    @Test
    void namesTheLinkThatIsMissing() {
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> qdiscs.replaceRoot(NO_LINK, TokenBucket.of(1, 1, LATENCY)))
                .withMessageStartingWith("set token bucket of link with index 9999: ")
                .matches(refused -> refused.errno().equals(Errno.ENODEV));
        assertThatExceptionOfType(NetlinkException.class)
                .isThrownBy(() -> qdiscs.root(NO_LINK))
                .matches(refused -> refused.errno().equals(Errno.ENODEV));
        assertThat(filters.ingress(NO_LINK)).isEmpty();
    }

    private Optional<TokenBucket> bucket() {
        return qdiscs.root(link).flatMap(Qdisc::tokenBucket);
    }

    private List<OptionalInt> redirections() {
        return filters.ingress(link).stream()
                .map(Filter::redirection)
                .filter(OptionalInt::isPresent)
                .toList();
    }
}
