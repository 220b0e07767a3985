package io.jnet.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.nftables.ElementField.Address;
import io.jnet.netlink.nftables.ElementField.Port;
import io.jnet.netlink.nftables.ElementField.Ports;
import io.jnet.netlink.nftables.ElementField.Prefix;
import io.jnet.netlink.nftables.ElementField.Protocol;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@KernelTest
class NftablesKernelTest {
    private static final String TABLE =
            """
            table inet test {
                comment "of a test"
                map ports { type inet_proto . inet_service : ipv4_addr; }
                set nets { type ipv4_addr; flags interval; }
                set hosts { type ipv4_addr; }
                chain one { jump two; }
                chain two { ip saddr { 192.0.2.1, 192.0.2.3 } accept; }
            }
            """;

    @Test
    void commandsTakeEffectTogetherOrNotAtAll() {
        try (Nftables nftables = Nftables.open()) {
            nftables.run("make table", TABLE);
            String before = nftables.query("list", "list ruleset", OutputOption.STATELESS);
            assertThat(before).isEqualTo(Commands.run("nft", "-s", "list", "ruleset"));

            assertThatThrownBy(() -> nftables.run(
                            "add two",
                            "add element inet test hosts { 10.0.0.1 }\nadd element inet test none { 10.0.0.1 }"))
                    .isInstanceOfSatisfying(NftablesException.class, failure -> assertThat(failure.operation())
                            .isEqualTo("add two"))
                    .hasMessage("add two: Error: No such file or directory");
            assertThat(nftables.query("list", "list ruleset", OutputOption.STATELESS))
                    .isEqualTo(before);
        }
    }

    @Test
    void answersInJsonAndWithoutElements() {
        try (Nftables nftables = Nftables.open()) {
            nftables.run("make", TABLE + "add element inet test hosts { 10.0.0.1 }");

            assertThat(nftables.query("list", "list set inet test hosts", OutputOption.JSON))
                    .startsWith("{\"nftables\":")
                    .contains("10.0.0.1");
            assertThat(nftables.query("list", "list set inet test hosts", OutputOption.TERSE))
                    .doesNotContain("10.0.0.1");
            assertThat(nftables.query("list", "list set inet test hosts")).contains("10.0.0.1");
            assertThatThrownBy(() -> nftables.query("list", "list table inet none"))
                    .isInstanceOf(NftablesException.class)
                    .hasMessage("list: Error: No such file or directory: list table inet none");
            assertThatThrownBy(() -> nftables.run("cheat", "list ruleset\0flush ruleset"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusalsNameSetAndElement() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run("make", TABLE);
            SetElement host = host("10.0.0.1");
            SetElementTransaction.on("test").create(host).commit(socket);

            assertThatThrownBy(() -> SetElementTransaction.on("test")
                            .add(host("10.0.0.2"))
                            .create(host)
                            .commit(socket))
                    .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                            .isEqualTo(Errno.EEXIST))
                    .hasMessageStartingWith("create element inet test hosts { 10.0.0.1 }: already exists (EEXIST)");
            assertThatThrownBy(() -> SetElementTransaction.on("test")
                            .delete(host)
                            .delete(host("10.0.0.2"))
                            .commit(socket))
                    .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                            .isEqualTo(Errno.ENOENT))
                    .hasMessageStartingWith("delete element inet test hosts { 10.0.0.2 }: no such file or object");
            assertThat(Commands.run("nft", "list", "set", "inet", "test", "hosts"))
                    .contains("elements = { 10.0.0.1 }");
        }
    }

    @Test
    void whatIsAbsentIsLeftOutOnlyWhereItMayBe() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run("make", TABLE);
            SetElementTransaction.on("test").add(host("10.0.0.1")).commit(socket);
            SetElementTransaction.on("test")
                    .deleteIfPresent(host("10.0.0.9"))
                    .deleteIfPresent(host("10.0.0.1"))
                    .deleteIfPresent(new SetElement("none", host("10.0.0.1").key(), List.of()))
                    .add(host("10.0.0.3"))
                    .commit(socket);
            assertThat(Commands.run("nft", "list", "set", "inet", "test", "hosts"))
                    .contains("elements = { 10.0.0.3 }");

            assertThatThrownBy(() -> SetElementTransaction.on("test")
                            .deleteIfPresent(host("10.0.0.9"))
                            .delete(host("10.0.0.8"))
                            .commit(socket))
                    .isInstanceOf(NetlinkException.class);
        }
    }

    @Test
    void whatIsToGoTwiceGoes() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run("make", TABLE);
            SetElementTransaction.on("test").add(host("10.0.0.1")).commit(socket);
            SetElementTransaction.on("test")
                    .deleteIfPresent(host("10.0.0.1"))
                    .deleteIfPresent(host("10.0.0.1"))
                    .commit(socket);
            assertThat(new TableReader(socket, "test").elements("hosts")).isEmpty();
        }
    }

    /** nft says for each key of such a set where it ends. */
    @Test
    void anElementThatNftHasMadeIsTheSame() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run(
                    "make",
                    "table inet test { set open { type ipv4_addr . inet_proto . inet_service; flags interval; }; }\n"
                            + "add element inet test open { 10.0.0.2 . tcp . 80, 10.0.0.2 . tcp . 90-99 }");
            List<ElementField> one =
                    List.of(new Address(IpAddress.parse("10.0.0.2")), new Protocol(6), new Ports(80, 80));
            List<ElementField> range =
                    List.of(new Address(IpAddress.parse("10.0.0.2")), new Protocol(6), new Ports(90, 99));
            List<List<SetEntry>> wanted = Stream.of(one, range)
                    .map(key -> new SetElement("open", key, List.of()).entries())
                    .toList();
            TableReader reader = new TableReader(socket, "test");
            assertThat(reader.elements("open")).containsExactlyInAnyOrderElementsOf(wanted);
            SetElementTransaction emptying = SetElementTransaction.on("test");
            reader.elements("open").forEach(emptying::delete);
            emptying.commit(socket);
            assertThat(reader.elements("open")).isEmpty();
        }
    }

    /** nft pairs entries that do not say where they end with the next ones: a listing that is loaded again would open what is between. */
    @Test
    void nftListsElementsAsTheyAre() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run(
                    "make",
                    "table inet test { set open { type ipv4_addr . inet_service; flags interval; }; "
                            + "set admitted { type ipv4_addr . ipv4_addr; flags interval; }; }");
            Address container = new Address(IpAddress.parse("10.0.0.2"));
            SetElementTransaction.on("test")
                    .add(SetElement.of("open", container, new Ports(80, 80)))
                    .add(SetElement.of("open", container, new Ports(20000, 20000)))
                    .add(SetElement.of("open", container, new Ports(90, 99)))
                    .add(SetElement.of("admitted", container, new Prefix(IpPrefix.parse("192.0.2.1/32"))))
                    .add(SetElement.of("admitted", container, new Prefix(IpPrefix.parse("192.0.2.9/32"))))
                    .commit(socket);
            assertThat(Commands.run("nft", "list", "set", "inet", "test", "open"))
                    .contains("10.0.0.2 . 80,", "10.0.0.2 . 20000", "10.0.0.2 . 90-99");
            assertThat(Commands.run("nft", "list", "set", "inet", "test", "admitted"))
                    .contains("10.0.0.2 . 192.0.2.1,", "10.0.0.2 . 192.0.2.9");
        }
    }

    /** As tables of early versions of jnet have them. */
    @Test
    void anEntryWithoutAnEndIsReplacedInOneTransaction() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            nftables.run("make", "table inet test { set open { type ipv4_addr . inet_service; flags interval; }; }");
            Address container = new Address(IpAddress.parse("10.0.0.2"));
            SetElementTransaction.on("test")
                    .add(SetElement.of("open", container, new Port(80)))
                    .commit(socket);
            TableReader reader = new TableReader(socket, "test");
            SetElement wanted = SetElement.of("open", container, new Ports(80, 80));
            assertThat(reader.elements("open")).hasSize(1).doesNotContain(wanted.entries());
            SetElementTransaction.on("test")
                    .delete(reader.elements("open").get(0))
                    .add(wanted)
                    .commit(socket);
            assertThat(reader.elements("open")).containsExactly(wanted.entries());
        }
    }

    @Test
    void aTableIsRead() {
        try (Nftables nftables = Nftables.open();
                NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            TableReader reader = new TableReader(socket, "test");
            assertThat(reader.comment()).isEmpty();
            nftables.run("make", TABLE + "table inet other { chain three { }\n set more { type ifname; }\n}\n");
            assertThat(reader.comment()).contains("of a test");
            assertThat(new TableReader(socket, "other").comment()).contains("");
            assertThat(reader.chains()).containsExactly("one", "two");
            assertThat(reader.sets()).containsExactly("hosts", "nets", "ports");

            List<SetElement> elements = List.of(
                    host("10.0.0.1"),
                    SetElement.of("nets", new Prefix(IpPrefix.parse("10.1.0.0/24"))),
                    SetElement.of("nets", new Prefix(IpPrefix.parse("10.1.1.0/32"))),
                    new SetElement(
                            "ports",
                            List.of(new Protocol(6), new Port(80)),
                            List.of(new Address(IpAddress.parse("10.0.0.1")))));
            SetElementTransaction transaction = SetElementTransaction.on("test");
            elements.forEach(transaction::add);
            transaction.commit(socket);
            for (SetElement element : elements) {
                assertThat(reader.elements(element.set())).contains(element.entries());
            }
            SetElementTransaction emptying = SetElementTransaction.on("test");
            reader.elements("nets").forEach(emptying::delete);
            emptying.commit(socket);
            assertThat(reader.elements("nets")).isEmpty();
        }
    }

    @Test
    void jumpsOfAChainAreRead() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            ChainReader reader = new ChainReader(socket);
            ChainReference forward = new ChainReference(AddressFamily.INET, "filter", "FORWARD");
            assertThat(reader.exists(forward)).isFalse();
            assertThat(reader.targets(forward)).isEmpty();

            Commands.run("iptables-nft", "-w", "-N", "MINE");
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-s", "192.0.2.1", "-j", "DROP");
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-j", "MINE");
            assertThat(reader.exists(forward)).isTrue();
            assertThat(reader.targets(forward)).containsExactly(Optional.empty(), Optional.of("MINE"));
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-m", "comment", "--comment", "all", "-j", "REJECT");
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-j", "DROP");
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-j", "ACCEPT");
            Commands.run("iptables-nft", "-w", "-A", "FORWARD", "-p", "tcp", "-j", "REJECT");
            Commands.run("nft", "add rule ip filter FORWARD reject");
            assertThat(reader.rules(forward))
                    .containsExactly(
                            new ChainRule(false, true, Optional.empty()),
                            new ChainRule(true, false, Optional.of("MINE")),
                            new ChainRule(true, true, Optional.empty()),
                            new ChainRule(true, true, Optional.empty()),
                            new ChainRule(true, false, Optional.empty()),
                            new ChainRule(false, true, Optional.empty()),
                            new ChainRule(true, true, Optional.empty()));
            assertThat(reader.exists(new ChainReference(AddressFamily.INET6, "filter", "FORWARD")))
                    .isFalse();
        }
    }

    @Test
    void theMonitorTellsWhoChangedTheRuleset() throws IOException {
        try (NftablesMonitor monitor = NftablesMonitor.open();
                Nftables nftables = Nftables.open()) {
            Commands.run("nft", "add", "table", "inet", "theirs");
            assertThat(monitor.receive()).singleElement().satisfies(change -> {
                assertThat(change.processName()).isEqualTo("nft");
                assertThat(change.isByThisProcess()).isFalse();
            });
            nftables.run("make", "add table inet ours");
            assertThat(monitor.receive()).singleElement().satisfies(change -> assertThat(change.isByThisProcess())
                    .isEqualTo(isInFirstPidNamespace()));
        }
    }

    /** By the number that the kernel gives it, PROC_PID_INIT_INO (linux/proc_ns.h). */
    private static boolean isInFirstPidNamespace() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).endsWith("pid:[4026531836]");
    }

    @Test
    void closingEndsTheMonitor() throws Exception {
        CompletableFuture<List<GenerationChange>> last;
        try (NftablesMonitor monitor = NftablesMonitor.open()) {
            last = CompletableFuture.supplyAsync(monitor::receive);
        }
        assertThat(last.get()).isEmpty();
    }

    private static SetElement host(String address) {
        return SetElement.of("hosts", new Address(IpAddress.parse(address)));
    }
}
