package io.jnet.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.sysctl.InterfaceSysctl;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@KernelTest
class PortReservationKernelTest {
    private static final IpAddress ANY_4 = IpAddress.parse("0.0.0.0");
    private static final IpAddress ANY_6 = IpAddress.parse("::");
    private static final IpAddress LOCAL_4 = IpAddress.parse("127.0.0.1");
    private static final IpAddress LOCAL_6 = IpAddress.parse("::1");
    private static final int PORT = 8080;

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void oneWinsAndTheNextIsRefused(TransportProtocol protocol) {
        try (PortReservation first = PortReservation.bindDualStack(protocol, PORT)) {
            assertThat(first.port()).isEqualTo(PORT);
            assertThat(first).hasToString(protocol + " [::]:8080");
            for (IpAddress address : List.of(ANY_4, ANY_6, LOCAL_4, LOCAL_6)) {
                assertRefused(() -> PortReservation.bind(protocol, address, PORT));
            }
            assertRefused(() -> PortReservation.bindDualStack(protocol, PORT));
        }
        PortReservation.bindDualStack(protocol, PORT).close();
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void familiesAreReservedApart(TransportProtocol protocol) {
        try (PortReservation four = PortReservation.bind(protocol, ANY_4, PORT);
                PortReservation six = PortReservation.bind(protocol, ANY_6, PORT)) {
            assertThat(four.port()).isEqualTo(six.port());
            assertRefused(() -> PortReservation.bindDualStack(protocol, PORT));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void addressesAreReservedApart(TransportProtocol protocol) {
        try (PortReservation one = PortReservation.bind(protocol, LOCAL_4, PORT);
                PortReservation other = PortReservation.bind(protocol, IpAddress.parse("127.0.0.2"), PORT)) {
            assertThat(one.address()).isNotEqualTo(other.address());
            assertRefused(() -> PortReservation.bind(protocol, ANY_4, PORT));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void theKernelChoosesAPort(TransportProtocol protocol) {
        try (PortReservation chosen = PortReservation.bindDualStack(protocol, 0)) {
            assertThat(chosen.port()).isBetween(1024, 65535);
            assertRefused(() -> PortReservation.bindDualStack(protocol, chosen.port()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void reservesIpv4WhereNoInterfaceHasIpv6(TransportProtocol protocol) {
        InterfaceSysctl.ipv6(new InterfaceName("all"), "disable_ipv6").write("1");
        try (PortReservation reserved = PortReservation.bindDualStack(protocol, PORT)) {
            assertThat(reserved.port()).isEqualTo(PORT);
            assertRefused(() -> PortReservation.bind(protocol, ANY_4, PORT));
            assertRefused(() -> PortReservation.bind(protocol, LOCAL_4, PORT));
        }
    }

    @Test
    void noOtherProgramCanListen() throws Exception {
        try (PortReservation reserved = PortReservation.bindDualStack(TransportProtocol.TCP, PORT);
                ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            assertThatThrownBy(() -> server.bind(new InetSocketAddress(reserved.port())))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void namesAnAddressThatTheHostDoesNotHave() {
        assertThatThrownBy(() -> PortReservation.bind(TransportProtocol.TCP, IpAddress.parse("198.51.100.7"), PORT))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EADDRNOTAVAIL))
                .hasMessage("bind tcp 198.51.100.7:8080: address not available (EADDRNOTAVAIL)");
    }

    @Test
    void tellsWhoListens() throws Exception {
        String command = "java";
        try (ServerSocket server = new ServerSocket(PORT, 1, LOCAL_4.toInetAddress())) {
            assertThat(PortHolders.find(TransportProtocol.TCP, ANY_4, PORT)).hasValueSatisfying(holder -> {
                assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(holder.command()).isEqualTo(command);
                assertThat(holder).hasToString("pid " + holder.pid() + " (java)");
            });
            assertThat(PortHolders.find(TransportProtocol.TCP, LOCAL_4, PORT)).isPresent();
            assertThat(PortHolders.find(TransportProtocol.TCP, IpAddress.parse("127.0.0.2"), PORT))
                    .isEmpty();
            assertThat(PortHolders.find(TransportProtocol.UDP, LOCAL_4, PORT)).isEmpty();
            assertThat(server.isBound()).isTrue();
        }
        try (DatagramSocket server = new DatagramSocket(PORT)) {
            assertThat(PortHolders.find(TransportProtocol.UDP, LOCAL_4, server.getLocalPort()))
                    .isPresent();
        }
        assertThat(PortHolders.find(TransportProtocol.TCP, ANY_4, PORT)).isEmpty();
    }

    @Test
    void takesAPortThatOnlyClosedConnectionsLingerOn() throws Exception {
        leaveTimeWait();
        assertThat(Commands.run("ss", "-tan")).contains("TIME-WAIT");
        assertThat(SocketTable.onlyRemains(TransportProtocol.TCP, ANY_6, PORT)).isTrue();
        try (PortReservation reserved = PortReservation.bindDualStack(TransportProtocol.TCP, PORT);
                ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            assertThatThrownBy(() -> server.bind(new InetSocketAddress(reserved.port())))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void doesNotTakeAPortThatIsListenedOnBesideLingeringConnections() throws Exception {
        leaveTimeWait();
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(LOCAL_4.toInetAddress(), PORT));
            assertRefused(() -> PortReservation.bindDualStack(TransportProtocol.TCP, PORT));
        }
    }

    /** The side that closes first keeps the connection in TIME_WAIT: here the server. */
    private static void leaveTimeWait() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(LOCAL_4.toInetAddress(), PORT));
            try (Socket client = new Socket(LOCAL_4.toInetAddress(), PORT)) {
                server.accept().close();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static void assertRefused(Callable<PortReservation> attempt) {
        assertThatThrownBy(() -> attempt.call().close())
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EADDRINUSE));
    }
}
