package io.jnet.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.NetfilterHeader;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkRequest;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.route.Routes;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel's table, beside conntrack(8). */
@KernelTest
class ConntrackKernelTest {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private Conntrack conntrack;

    @BeforeEach
    void open() {
        conntrack = Conntrack.open();
    }

    @AfterEach
    void close() {
        conntrack.close();
    }

    @Test
    void listsWhatTheFilterTakes() {
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 53, "");
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 54, "");
        add("tcp", "192.0.2.1", "198.51.100.1", 1000, 53, "--state ESTABLISHED");
        add("udp", "2001:db8::1", "2001:db8::2", 1000, 53, "");

        assertThat(list(FlowFilter.of(AddressFamily.INET, UDP)))
                .containsExactlyInAnyOrder(
                        "17 192.0.2.1:1000 -> 198.51.100.1:53", "17 192.0.2.1:1000 -> 198.51.100.1:54");
        assertThat(list(new FlowFilter(AddressFamily.INET, UDP, OptionalInt.of(53))))
                .containsExactly("17 192.0.2.1:1000 -> 198.51.100.1:53");
        assertThat(list(new FlowFilter(AddressFamily.INET6, UDP, OptionalInt.of(53))))
                .containsExactly("17 [2001:db8::1]:1000 -> [2001:db8::2]:53");
        assertThat(list(FlowFilter.of(AddressFamily.INET, TCP))).containsExactly("6 192.0.2.1:1000 -> 198.51.100.1:53");
    }

    /** What costs time in a large table is not the walk but what the kernel hands out of it. */
    @Test
    void theKernelItselfFilters() {
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 53, "");
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 54, "");
        add("tcp", "192.0.2.1", "198.51.100.1", 1000, 53, "--state ESTABLISHED");
        FlowFilter filter = new FlowFilter(AddressFamily.INET, UDP, OptionalInt.of(53));
        NetlinkRequest unfiltered =
                NetlinkRequest.of(0x101, NetfilterHeader.of(AddressFamily.INET.number()), "list", "flows");

        try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.NETFILTER)) {
            assertThat(socket.dump(unfiltered)).hasSize(3);
            assertThat(socket.dump(unfiltered.withAttributes(filter.attributes())))
                    .hasSize(1);
        }
    }

    @Test
    void deletesTheseAndNoOthers() {
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 53, "");
        add("udp", "192.0.2.2", "198.51.100.1", 1000, 53, "");
        add("udp", "192.0.2.1", "198.51.100.1", 1000, 53, "--zone 7");
        conntrack.delete(FlowFilter.of(AddressFamily.INET, UDP), flow -> flow.zone() == 7);

        assertThat(Commands.run("conntrack", "-L", "-p", "udp").lines().filter(line -> line.startsWith("udp")))
                .hasSize(2)
                .noneMatch(line -> line.contains("zone"));
        conntrack.delete(
                FlowFilter.of(AddressFamily.INET, UDP),
                flow -> flow.original().source().toString().equals("192.0.2.2"));
        assertThat(list(FlowFilter.of(AddressFamily.INET, UDP)))
                .containsExactly("17 192.0.2.1:1000 -> 198.51.100.1:53");
    }

    @Test
    void whatEndedMeanwhileIsPassedOver() {
        IntStream.range(1, 20).forEach(port -> add("udp", "192.0.2.1", "198.51.100.1", port, 53, ""));

        int count = conntrack.delete(FlowFilter.of(AddressFamily.INET, UDP), flow -> {
            if (flow.original().sourcePort() == 7) {
                Commands.run("conntrack", "-D", "-p", "udp", "--sport", "7");
            }
            return true;
        });

        assertThat(count).isEqualTo(19);
        assertThat(list(FlowFilter.of(AddressFamily.INET, UDP))).isEmpty();
    }

    @Test
    void localDestinationsAreWhatTheKernelDeliversToItself() {
        Commands.run("ip", "address", "add", "198.51.100.1/32", "dev", "lo");
        Commands.run("ip", "address", "add", "2001:db8::1/64", "dev", "lo");
        Commands.runUntil("local 2001:db8::1", "ip", "-6", "route", "show", "table", "local");
        Commands.run("ip", "route", "add", "local", "203.0.113.0/24", "dev", "lo");
        try (NetlinkSocket routes = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
            assertThat(Routes.over(routes).localDestinations(AddressFamily.INET))
                    .contains(
                            IpPrefix.parse("127.0.0.0/8"),
                            IpPrefix.parse("198.51.100.1/32"),
                            IpPrefix.parse("203.0.113.0/24"))
                    .noneMatch(prefix ->
                            prefix.contains(IpPrefix.parse("198.51.100.255/32").address()));
            assertThat(Routes.over(routes).localDestinations(AddressFamily.INET6))
                    .contains(IpPrefix.parse("::1/128"), IpPrefix.parse("2001:db8::1/128"));
        }
    }

    private List<String> list(FlowFilter filter) {
        return conntrack.list(filter, flow -> true).stream()
                .map(flow -> flow.original().toString())
                .toList();
    }

    private static void add(
            String protocol, String source, String destination, int sourcePort, int destinationPort, String more) {
        String command = "conntrack -I -p %s -s %s -d %s --sport %d --dport %d --timeout 600 %s"
                .formatted(protocol, source, destination, sourcePort, destinationPort, more);
        Commands.run(command.strip().split(" +", -1));
    }
}
