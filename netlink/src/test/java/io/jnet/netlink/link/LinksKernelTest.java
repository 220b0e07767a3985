package io.jnet.netlink.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.RestlessKernel;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class LinksKernelTest {
    private static final MacAddress BRIDGE_MAC = MacAddress.parse("02:42:aa:00:00:01");
    private static final MacAddress PEER_MAC = MacAddress.parse("02:42:aa:00:00:02");
    private static final InterfaceName BRIDGE = new InterfaceName("jbr-test");
    private static final InterfaceName HOST = new InterfaceName("jvhost");
    private static final InterfaceName PEER = new InterfaceName("jvpeer");

    private NetlinkSocket socket;
    private Links links;

    @BeforeEach
    void open() {
        socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        links = Links.over(socket);
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @Test
    void listsBridgesWithWhatWentThroughThem() {
        Link bridge = links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1500, "jnet: test"));
        Commands.run("ip", "address", "add", "192.0.2.1/24", "dev", BRIDGE.value());
        Commands.run("ip", "link", "add", HOST.value(), "type", "veth", "peer", "name", PEER.value());
        Commands.run("ip", "link", "set", HOST.value(), "master", BRIDGE.value(), "up");
        Commands.run("ip", "link", "set", PEER.value(), "up");
        // With its carrier; before, it sends nothing.
        Commands.runUntil("state UP", "ip", "-o", "link", "show", BRIDGE.value());
        LinkStatistics before = links.bridges().get(0).statistics().orElseThrow();
        Commands.run("sh", "-c", "ping -c 1 -W 1 192.0.2.2 || true");

        assertThat(links.bridges()).extracting(Link::index).containsExactly(bridge.index());
        LinkStatistics after = links.bridges().get(0).statistics().orElseThrow();
        // A question for the neighbour's address at least.
        assertThat(after.sentPackets()).isGreaterThan(before.sentPackets());
        assertThat(after.sentBytes() - before.sentBytes()).isGreaterThanOrEqualTo(28);
        Commands.run("ip", "link", "delete", HOST.value());
        assertThat(links.delete(bridge.index())).isTrue();
    }

    @Test
    void makesABridgeAsDockerDoes() {
        Link created = links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1400, "jnet: test"));

        Link bridge = links.find(created.index()).orElseThrow();
        // Not the whole of it: a bridge says when its timers are due.
        assertThat(links.find(BRIDGE).orElseThrow().index()).isEqualTo(bridge.index());
        assertThat(bridge.name()).isEqualTo("jbr-test");
        assertThat(bridge.mac()).contains(BRIDGE_MAC);
        assertThat(bridge.mtu()).isEqualTo(1400);
        assertThat(bridge.alias()).contains("jnet: test");
        assertThat(bridge.isUp()).isTrue();
        assertThat(bridge.kind()).containsInstanceOf(LinkKind.Bridge.class);
        LinkKind.Bridge kind = (LinkKind.Bridge) bridge.kind().orElseThrow();
        assertThat(kind.forwardDelay()).contains(0L);
        assertThat(kind.hasSpanningTree()).isFalse();
        assertThat(kind.learnsFromLinkLocal()).isFalse();
        assertThat(Commands.run("ip", "-d", "link", "show", "jbr-test"))
                .contains("<NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 ")
                .contains("link/ether 02:42:aa:00:00:01 brd ff:ff:ff:ff:ff:ff")
                .contains("bridge forward_delay 0 ")
                .contains(" stp_state 0 ")
                .contains(" no_linklocal_learn 1 ")
                .contains("alias jnet: test\n");
        assertThat(links.delete(created.index())).isTrue();
        assertThat(links.delete(created.index())).isFalse();
        assertThat(links.find(BRIDGE)).isEmpty();
    }

    @Test
    void aBridgeKeepsItsMtuAndAddressWhenPortsCome() {
        Link bridge = links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1400, "a"));
        Link veth = links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER))
                .withMtu(1300)
                .withMaster(bridge.index(), Set.of()));
        assertThat(links.find(BRIDGE).orElseThrow().mtu()).isEqualTo(1400);
        assertThat(links.find(BRIDGE).orElseThrow().mac()).contains(BRIDGE_MAC);
        links.deleteAll(List.of(veth.index(), bridge.index()));
    }

    @Test
    void leavesAForeignLinkOfTheSameNameAlone() {
        Commands.run("ip", "link", "add", "jbr-test", "type", "bridge");
        String before = Commands.run("ip", "-d", "link", "show", "jbr-test");
        assertThatThrownBy(() -> links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1400, "mine")))
                .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EEXIST))
                .hasMessage("create bridge jbr-test: already exists (EEXIST)");
        assertThat(Commands.run("ip", "-d", "link", "show", "jbr-test")).isEqualTo(before);
        Commands.run("ip", "link", "delete", "jbr-test");
    }

    @Test
    void leavesNothingOfACreationThatFailsLate() {
        String tooLong = "a".repeat(256);
        assertThatThrownBy(() -> links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1400, tooLong)))
                .isInstanceOf(NetlinkException.class);
        assertThatThrownBy(() -> links.create(
                        VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER)).withAlias(tooLong)))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("configure veth jvhost");
        assertThatThrownBy(() -> links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER))
                        .withMaster(
                                links.find(new InterfaceName("lo"))
                                        .orElseThrow()
                                        .index(),
                                Set.of())))
                .isInstanceOf(NetlinkException.class);
        assertThat(links.list()).singleElement().matches(Link::isLoopback);
    }

    @Test
    void makesAVethPairWithItsHostEndInABridge() {
        Link bridge = links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1500, "b"));
        Link created = links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER, PEER_MAC))
                .withMtu(1450)
                .withMaster(bridge.index(), Set.of(BridgePortFlag.HAIRPIN, BridgePortFlag.ISOLATED))
                .withAlias("jnet: endpoint")
                .withIpv6AddressGeneration(Ipv6AddressGeneration.NONE));

        Link host = links.find(created.index()).orElseThrow();
        Link peer = links.find(PEER).orElseThrow();
        assertThat(host.name()).isEqualTo("jvhost");
        assertThat(host.isUp()).isTrue();
        assertThat(host.mtu()).isEqualTo(1450);
        assertThat(host.master()).hasValue(bridge.index());
        assertThat(host.peer()).hasValue(peer.index());
        assertThat(created.peer()).hasValue(peer.index());
        assertThat(host.alias()).contains("jnet: endpoint");
        assertThat(host.bridgePortFlags()).containsExactlyInAnyOrder(BridgePortFlag.HAIRPIN, BridgePortFlag.ISOLATED);
        assertThat(peer.mac()).contains(PEER_MAC);
        assertThat(peer.mtu()).isEqualTo(1450);
        assertThat(peer.isUp()).isFalse();
        assertThat(peer.kind()).containsInstanceOf(LinkKind.Veth.class);

        links.setUp(peer.index());
        assertThat(Commands.run("ip", "-d", "link", "show", "jvpeer")).contains(" numtxqueues 1 numrxqueues 1 ");
        assertThat(Commands.run("ip", "-d", "link", "show", "jvhost"))
                .contains(" numtxqueues 1 numrxqueues 1 ")
                .contains("master jbr-test")
                .contains(" hairpin on ")
                .contains(" isolated on ")
                .contains(" addrgenmode none ");
        assertThat(Commands.run("ip", "-6", "address", "show", "jvhost")).doesNotContain("fe80");
        links.setBridgePortFlags(host.index(), Set.of());
        assertThat(Commands.run("ip", "-d", "link", "show", "jvhost"))
                .contains(" hairpin off ")
                .contains(" isolated off ");
        links.deleteAll(List.of(host.index(), bridge.index()));
    }

    @Test
    void placesThePeerInAnotherNamespace() {
        try (FreshNamespace other = FreshNamespace.create();
                Descriptor namespace = other.call(() -> Descriptor.open(Path.of("/proc/thread-self/ns/net")))) {
            Link host = links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER, PEER_MAC))
                    .withPeerNamespace(namespace));
            assertThat(links.find(PEER)).isEmpty();
            assertThat(links.find(HOST).orElseThrow().isPeerElsewhere()).isTrue();
            assertThat(other.links()).containsExactly("jvpeer");
            links.delete(host.index());
            other.assertNothingRemains();
        }
    }

    @Test
    void changesALink() {
        Link host = links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER)));
        Link bridge = links.create(new BridgeCreation(BRIDGE, BRIDGE_MAC, 1500, "b"));
        int index = host.index();
        links.setDown(index);
        links.setMtu(index, 1280);
        links.announceAddresses(index);
        links.setAlias(index, "text");
        links.setMac(index, PEER_MAC);
        links.setMaster(index, bridge.index());
        links.rename(index, new InterfaceName("renamed"));
        Link changed = links.find(new InterfaceName("renamed")).orElseThrow();
        assertThat(changed.index()).isEqualTo(index);
        assertThat(changed.isUp()).isFalse();
        assertThat(changed.mtu()).isEqualTo(1280);
        assertThat(changed.alias()).contains("text");
        assertThat(changed.mac()).contains(PEER_MAC);
        assertThat(changed.master()).hasValue(bridge.index());
        assertThat(Commands.run("sysctl", "-n", "net.ipv4.conf.renamed.arp_notify")
                        .strip())
                .isEqualTo("1");

        links.setAlias(index, "");
        links.clearMaster(index);
        assertThat(links.find(index).orElseThrow().alias()).isEmpty();
        assertThat(links.find(index).orElseThrow().master()).isEmpty();
        links.deleteAll(List.of(index, bridge.index()));
    }

    @Test
    void deletesManyAtOnceAndNothingElse() {
        List<Integer> indexes = IntStream.range(0, 20)
                .mapToObj(number -> links.create(VethCreation.of(
                                VethEnd.of(new InterfaceName("jv" + number)),
                                VethEnd.of(new InterfaceName("jp" + number))))
                        .index())
                .toList();
        int kept = indexes.get(0);
        List<Integer> doomed = IntStream.concat(
                        indexes.stream().skip(1).mapToInt(Integer::intValue), IntStream.of(99_999, 99_998))
                .boxed()
                .toList();
        links.deleteAll(doomed);
        assertThat(links.list().stream().map(Link::name)).containsExactlyInAnyOrder("lo", "jv0", "jp0");
        links.deleteAll(doomed);
        links.deleteAll(List.of());
        links.deleteAll(List.of(kept));
    }

    @Test
    void deletesOneByOneWhereNoListOfLinksIsWhole() {
        List<Integer> indexes = IntStream.range(0, 5)
                .mapToObj(number -> links.create(VethCreation.of(
                                VethEnd.of(new InterfaceName("jv" + number)),
                                VethEnd.of(new InterfaceName("jp" + number))))
                        .index())
                .toList();
        List<Integer> doomed = IntStream.concat(
                        indexes.stream().skip(1).mapToInt(Integer::intValue), IntStream.of(99_999))
                .boxed()
                .toList();
        try (NetlinkSocket restless = RestlessKernel.open(NetlinkProtocol.ROUTE)) {
            Links.over(restless).deleteAll(doomed);
        }
        assertThat(links.list().stream().map(Link::name)).containsExactlyInAnyOrder("lo", "jv0", "jp0");
        links.delete(indexes.get(0));
    }

    @Test
    void refusesToDeleteTheLoopbackLink() {
        int loopback = links.find(new InterfaceName("lo")).orElseThrow().index();
        assertThatThrownBy(() -> links.deleteAll(List.of(loopback, 99_999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> links.delete(loopback)).isInstanceOf(NetlinkException.class);
        assertThat(links.list()).singleElement().matches(Link::isLoopback);
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        Commands.run("ip", "link", "add", "vx", "type", "vxlan", "id", "7", "dstport", "4789");
        Link link = links.find(new InterfaceName("vx")).orElseThrow();
        assertThat(link.kind().orElseThrow()).isInstanceOfSatisfying(LinkKind.Unknown.class, kind -> {
            assertThat(kind.name()).isEqualTo("vxlan");
            assertThat(kind.data()).isPresent();
        });
        links.delete(link.index());
    }
}
