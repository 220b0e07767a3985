package io.jnet.netlink;

import static io.jnet.netlink.RouteMessage.RTM_DELLINK;
import static io.jnet.netlink.RouteMessage.RTM_GETLINK;
import static io.jnet.netlink.RouteMessage.RTM_NEWLINK;
import static io.jnet.netlink.nftables.NftablesMessage.NFNL_SUBSYS_NFTABLES;
import static io.jnet.netlink.nftables.NftablesMessage.NFT_MSG_NEWTABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@KernelTest
class NetlinkSocketKernelTest {
    private static final int NFPROTO_INET = 1;
    private static final Attribute<String> IFLA_IFNAME = Attribute.of(3, "IFLA_IFNAME", AttributeCodec.STRING);
    private static final Attribute<Long> IFLA_MTU = Attribute.of(4, "IFLA_MTU", AttributeCodec.U32);
    private static final Attribute<Attributes> IFLA_LINKINFO = Attribute.of(18, "IFLA_LINKINFO", AttributeCodec.NESTED);
    private static final Attribute<String> IFLA_INFO_KIND = Attribute.of(1, "IFLA_INFO_KIND", AttributeCodec.STRING);
    private static final Attribute<String> NFTA_TABLE_NAME = Attribute.of(1, "NFTA_TABLE_NAME", AttributeCodec.STRING);

    /** {@code struct ifinfomsg}, all zero. */
    private static final FamilyHeader ANY_LINK = writer -> writer.bytes(new byte[16]);

    @Test
    void listsLinks() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            assertThat(names(socket)).containsExactly("lo");
        }
    }

    @Test
    void namesTheRequestThatTheKernelRefuses() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            List<NetlinkRequest> requests =
                    List.of(create("br1", "bridge"), create("br2", "nosuchkind"), create("br1", "bridge"));
            assertThatThrownBy(() -> socket.exchange(requests))
                    .isInstanceOfSatisfying(NetlinkException.class, failure -> {
                        assertThat(failure)
                                .hasMessage("create br2: operation not supported (EOPNOTSUPP): Unknown device type");
                        assertThat(failure.getSuppressed()).hasSize(1);
                        assertThat(failure.getSuppressed()[0]).hasMessage("create br1: already exists (EEXIST)");
                    });
            assertThat(names(socket)).containsExactly("lo", "br1");
            socket.request(delete("br1"));
        }
    }

    @Test
    void answersARequestForOneObject() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            List<NetlinkMessage> answers = socket.request(named(RTM_GETLINK, "lo", "get"));
            assertThat(answers).singleElement().satisfies(answer -> assertThat(name(answer))
                    .isEqualTo("lo"));
        }
    }

    @Test
    void reportsTheOffsetOfAnAttributeThatTheKernelRejects() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            NetlinkRequest tooLong = named(RTM_GETLINK, "a-name-of-more-than-15", "get");
            assertThatThrownBy(() -> socket.request(tooLong))
                    .isInstanceOfSatisfying(NetlinkException.class, failure -> {
                        assertThat(failure.offset()).isEqualTo(NetlinkHeader.LENGTH + 16);
                        assertThat(failure.kernelText()).isNotEmpty();
                    });
        }
    }

    @Test
    void commitsANetfilterBatchAsAWhole() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            socket.exchange(NetfilterBatch.frame(
                    NFNL_SUBSYS_NFTABLES, OptionalLong.empty(), List.of(table("one"), table("two"))));
            assertThat(Commands.run("nft", "list", "tables")).isEqualTo("table inet one\ntable inet two\n");

            NetlinkRequest bad = table("three").withFlags(NetlinkFlags.NLM_F_EXCL);
            assertThatThrownBy(() -> socket.exchange(NetfilterBatch.frame(
                            NFNL_SUBSYS_NFTABLES, OptionalLong.empty(), List.of(table("four"), bad, bad))))
                    .hasMessageStartingWith("add table three: already exists (EEXIST)");
            assertThat(Commands.run("nft", "list", "tables")).isEqualTo("table inet one\ntable inet two\n");
        }
    }

    @Test
    void reportsABatchForAnotherGeneration() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            List<NetlinkRequest> batch =
                    NetfilterBatch.frame(NFNL_SUBSYS_NFTABLES, OptionalLong.of(123_456), List.of(table("one")));
            assertThatThrownBy(() -> socket.exchange(batch))
                    .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                            .isEqualTo(Errno.of(85)));
            assertThat(Commands.run("nft", "list", "tables")).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is what is tested
    void hearsEventsUntilClosedFromAnotherThread() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
                NetlinkMonitor monitor =
                        NetlinkMonitor.open(NetlinkProtocol.ROUTE, List.of(NetlinkGroup.RTNLGRP_LINK))) {
            socket.request(create("br1", "bridge"));
            List<NetlinkMessage> events = monitor.receive();
            assertThat(events.get(0).type()).isEqualTo(RTM_NEWLINK);
            assertThat(name(events.get(0))).isEqualTo("br1");
            socket.request(delete("br1"));

            CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(() -> {
                int count = 0;
                while (!monitor.receive().isEmpty()) {
                    count++;
                }
                return count;
            });
            monitor.close();
            assertThat(heard.get(10, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(0);
            assertThat(monitor.receive()).isEmpty();
        }
    }

    @Test
    void saysThatEventsWereLostAndGoesOn() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
                NetlinkMonitor monitor =
                        NetlinkMonitor.open(NetlinkProtocol.ROUTE, List.of(NetlinkGroup.RTNLGRP_LINK))) {
            socket.request(create("br1", "bridge"));
            List<NetlinkRequest> changes = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                changes.add(mtu("br1", 1400 + i % 2));
            }
            boolean lost = false;
            for (int round = 0; round < 100 && !lost; round++) {
                socket.exchange(changes);
                lost = isOverrun(monitor);
            }
            assertThat(lost).isTrue();
            assertThat(monitor.receive()).isNotEmpty();
            socket.request(delete("br1"));
        }
    }

    @Test
    void listsMoreThanOneDatagramHolds() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            List<NetlinkRequest> requests = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                requests.add(create("br" + i, "bridge"));
            }
            socket.exchange(requests);
            assertThat(names(socket)).hasSize(41).contains("lo", "br0", "br39");
            socket.exchange(names(socket).stream()
                    .filter(name -> !name.equals("lo"))
                    .map(NetlinkSocketKernelTest::delete)
                    .toList());
        }
    }

    /** A receive that fails leaves the list unread. */
    @Test
    void listsAfterAListThatWasBrokenOff() {
        try (BoundSocket bound = BoundSocket.open(NetlinkProtocol.ROUTE);
                NetlinkSocket socket = new NetlinkSocket(bound)) {
            List<NetlinkRequest> requests = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                requests.add(create("br" + i, "bridge"));
            }
            socket.exchange(requests);
            NetlinkWriter writer = NetlinkWriter.create();
            NetlinkRequest.of(RTM_GETLINK, ANY_LINK, "list", "links")
                    .withFlags(NetlinkFlags.NLM_F_DUMP)
                    .withoutAcknowledgement()
                    .write(writer, 1, bound.portId());
            bound.send(writer.toBytes());
            assertThat(names(socket)).hasSize(61);
            socket.exchange(names(socket).stream()
                    .filter(name -> !name.equals("lo"))
                    .map(NetlinkSocketKernelTest::delete)
                    .toList());
        }
    }

    @Test
    void isSharedByThreads() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String name = "br" + thread;
                threads.add(CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 5; round++) {
                        socket.request(create(name, "bridge"));
                        assertThat(names(socket)).contains(name);
                        assertThatThrownBy(() -> socket.request(create(name, "bridge")))
                                .hasMessage("create " + name + ": already exists (EEXIST)");
                        socket.request(delete(name));
                    }
                }));
            }
            CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(names(socket)).containsExactly("lo");
        }
    }

    /** Reads one datagram: the kernel reports an overrun before what is left. */
    private static boolean isOverrun(NetlinkMonitor monitor) {
        try {
            assertThat(monitor.receive()).isNotEmpty();
            return false;
        } catch (EventsLostException overrun) {
            assertThat(overrun)
                    .hasMessage("receive netlink ROUTE: no buffer space available (ENOBUFS): events were lost");
            return true;
        }
    }

    private static NetlinkRequest mtu(String name, int bytes) {
        NetlinkRequest request = named(RTM_NEWLINK, name, "change");
        return request.withAttributes(request.attributes().with(IFLA_MTU, (long) bytes));
    }

    private static List<String> names(NetlinkSocket socket) {
        return socket.dump(NetlinkRequest.of(RTM_GETLINK, ANY_LINK, "list", "links")).stream()
                .map(NetlinkSocketKernelTest::name)
                .toList();
    }

    private static String name(NetlinkMessage message) {
        NetlinkReader reader = message.reader();
        reader.part(16);
        return Attributes.read(reader).get(IFLA_IFNAME).orElseThrow();
    }

    private static NetlinkRequest create(String name, String kind) {
        NetlinkRequest request = named(RTM_NEWLINK, name, "create");
        return request.withFlags(NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL)
                .withAttributes(request.attributes().with(IFLA_LINKINFO, Attributes.of(IFLA_INFO_KIND, kind)));
    }

    private static NetlinkRequest delete(String name) {
        return named(RTM_DELLINK, name, "delete");
    }

    private static NetlinkRequest named(int type, String name, String operation) {
        return NetlinkRequest.of(type, ANY_LINK, operation, name).withAttributes(Attributes.of(IFLA_IFNAME, name));
    }

    private static NetlinkRequest table(String name) {
        return NetlinkRequest.of(NFT_MSG_NEWTABLE, NetfilterHeader.of(NFPROTO_INET), "add table", name)
                .withFlags(NetlinkFlags.NLM_F_CREATE)
                .withAttributes(Attributes.of(NFTA_TABLE_NAME, name));
    }
}
