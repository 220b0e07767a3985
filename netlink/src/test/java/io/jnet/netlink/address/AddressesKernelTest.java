package io.jnet.netlink.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.NetlinkException;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@KernelTest
class AddressesKernelTest {
    private static final InterfaceName HOST = new InterfaceName("jvhost");
    private static final InterfaceName PEER = new InterfaceName("jvpeer");

    private NetlinkSocket socket;
    private Links links;
    private Addresses addresses;
    private int link;

    @BeforeEach
    void makeLink() {
        socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        links = Links.over(socket);
        addresses = Addresses.over(socket);
        Link host = links.create(VethCreation.of(VethEnd.of(HOST), VethEnd.of(PEER)));
        links.setUp(host.peer().orElseThrow());
        link = host.index();
    }

    @AfterEach
    void deleteLink() {
        links.delete(link);
        socket.close();
    }

    @Test
    void addsAnIpv4AddressWithItsBroadcastAddress() {
        addresses.add(AddressAddition.of(link, IpPrefix.parse("10.77.0.1/24")));
        assertThat(Commands.run("ip", "-4", "-o", "address", "show", "jvhost"))
                .contains("inet 10.77.0.1/24 brd 10.77.0.255 scope global jvhost");
        LinkAddress added = ipv4(addresses.list(link)).get(0);
        assertThat(added.prefix()).isEqualTo(IpPrefix.parse("10.77.0.1/24"));
        assertThat(added.broadcast()).contains(IpAddress.parse("10.77.0.255"));
        assertThat(added.link()).isEqualTo(link);
        assertThat(added.scope()).isEqualTo(AddressScope.GLOBAL.number());
        assertThat(added.isPermanent()).isTrue();
        assertThat(addresses.list()).contains(added).anyMatch(address -> address.prefix()
                .equals(IpPrefix.parse("127.0.0.1/8")));
    }

    @Test
    void addsAnIpv6AddressThatIsUsableAtOnce() {
        addresses.add(AddressAddition.of(link, IpPrefix.parse("2001:db8:77::1/64")));
        assertThat(Commands.run("ip", "-6", "-o", "address", "show", "jvhost"))
                .contains("inet6 2001:db8:77::1/64 scope global nodad");
        assertThat(find("2001:db8:77::1/64").isTentative()).isFalse();

        // It takes a minute.
        Commands.run("sysctl", "-qw", "net.ipv6.conf.jvhost.dad_transmits=60");
        addresses.add(
                AddressAddition.of(link, IpPrefix.parse("2001:db8:78::1/64")).withDuplicateDetection());
        assertThat(find("2001:db8:78::1/64").isTentative()).isTrue();
    }

    @Test
    void addsWithAnotherScopeAndWithoutBroadcast() {
        addresses.add(AddressAddition.of(link, IpPrefix.parse("10.77.0.1/24"))
                .withoutBroadcast()
                .withScope(AddressScope.LINK));
        assertThat(Commands.run("ip", "-4", "-o", "address", "show", "jvhost"))
                .contains("inet 10.77.0.1/24 scope link jvhost");
    }

    @Test
    void refusesASecondTimeAndDeletesOnce() {
        IpPrefix prefix = IpPrefix.parse("10.77.0.1/24");
        addresses.add(AddressAddition.of(link, prefix));
        assertThatThrownBy(() -> addresses.add(AddressAddition.of(link, prefix)))
                .isInstanceOf(NetlinkException.class)
                .hasMessageStartingWith(
                        "add address 10.77.0.1/24 of link with index " + link + ": already exists (EEXIST)");
        assertThat(addresses.delete(link, prefix)).isTrue();
        assertThat(addresses.delete(link, prefix)).isFalse();
        assertThat(addresses.delete(99_999, prefix)).isFalse();
        assertThat(ipv4(addresses.list(link))).isEmpty();
    }

    private LinkAddress find(String prefix) {
        return addresses.list(link).stream()
                .filter(address -> address.prefix().equals(IpPrefix.parse(prefix)))
                .findFirst()
                .orElseThrow();
    }

    private static List<LinkAddress> ipv4(List<LinkAddress> all) {
        return all.stream()
                .filter(address -> address.prefix().family() == AddressFamily.INET)
                .toList();
    }
}
