package io.jnet.netlink.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@KernelTest
class NeighboursKernelTest {
    private static final int DEFAULT_LIMIT = 1024;
    private static final IpAddress FOUR = IpAddress.parse("10.77.0.2");
    private static final IpAddress SIX = IpAddress.parse("2001:db8::2");

    /** One more than the table takes of the others, whatever the namespace: sysctl net.ipv4.neigh.default.gc_thresh3. */
    @Test
    void learnedNeighboursAreNotLimited() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            Links links = Links.over(socket);
            Link link = links.create(
                    VethCreation.of(VethEnd.of(new InterfaceName("jvhost")), VethEnd.of(new InterfaceName("jvpeer"))));
            Neighbours neighbours = Neighbours.over(socket);
            List<IpAddress> addresses = IntStream.rangeClosed(0, DEFAULT_LIMIT)
                    .mapToObj(i -> IpAddress.parse("10.78.%d.%d".formatted(i >> 8, i & 0xff)))
                    .toList();
            MacAddress mac = MacAddress.parse("02:42:aa:00:00:09");

            neighbours.learn(link.index(), mac, addresses);

            assertThat(neighbours.list())
                    .filteredOn(Neighbour::isLearned)
                    .hasSameSizeAs(addresses)
                    .allSatisfy(neighbour -> assertThat(neighbour.mac()).contains(mac));
            links.delete(link.index());
        }
    }

    /** What a neighbour waits for when the answer to a question of its own was lost. */
    @Test
    void whoIsAskedLearnsWhoAsks() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
                FreshNamespace other = FreshNamespace.create();
                Descriptor namespace = other.call(() -> Descriptor.open(Path.of("/proc/thread-self/ns/net")))) {
            Links links = Links.over(socket);
            MacAddress mac = MacAddress.parse("02:42:aa:00:00:09");
            Link link = links.create(VethCreation.of(
                            VethEnd.of(new InterfaceName("jvhost")), VethEnd.of(new InterfaceName("jvpeer"), mac))
                    .withPeerNamespace(namespace));
            Commands.run("ip", "address", "add", "10.78.0.1/24", "dev", "jvhost");
            links.setUp(link.index());
            other.call(() -> Commands.run("ip", "address", "add", "10.78.0.2/24", "dev", "jvpeer"));
            other.call(() -> Commands.run("ip", "link", "set", "jvpeer", "up"));
            Neighbours neighbours = Neighbours.over(socket);
            List<IpAddress> addresses = List.of(IpAddress.parse("10.78.0.2"));

            neighbours.learn(link.index(), mac, addresses);
            assertThat(other.call(() -> Commands.run("ip", "-4", "neighbour"))).isEmpty();
            neighbours.ask(link.index(), mac, addresses);

            assertThat(learned(other)).startsWith("10.78.0.1 ");
            links.delete(link.index());
        }
    }

    private static String learned(FreshNamespace namespace) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String learned;
        do {
            learned = namespace.call(() -> Commands.run("ip", "-4", "neighbour"));
        } while (learned.isEmpty() && System.nanoTime() < end);
        return learned;
    }

    @Test
    void listsAndForgetsNeighbours() {
        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            Links links = Links.over(socket);
            Link link = links.create(
                    VethCreation.of(VethEnd.of(new InterfaceName("jvhost")), VethEnd.of(new InterfaceName("jvpeer"))));
            for (IpAddress address : List.of(FOUR, SIX)) {
                Commands.run(
                        "ip", "neighbour", "add", address.toString(), "lladdr", "02:42:aa:00:00:09", "dev", "jvhost");
            }
            Neighbours neighbours = Neighbours.over(socket);
            assertThat(neighbours.list())
                    .filteredOn(Neighbour::isPermanent)
                    .allSatisfy(neighbour -> {
                        assertThat(neighbour.link()).isEqualTo(link.index());
                        assertThat(neighbour.mac()).contains(MacAddress.parse("02:42:aa:00:00:09"));
                    })
                    .extracting(Neighbour::address)
                    .containsExactlyInAnyOrder(FOUR, SIX);

            assertThat(neighbours.delete(link.index(), FOUR)).isTrue();
            assertThat(neighbours.delete(link.index(), FOUR)).isFalse();
            assertThat(neighbours.delete(99_999, FOUR)).isFalse();
            assertThat(Commands.run("ip", "-4", "neighbour")).isEmpty();
            links.delete(link.index());
        }
    }
}
