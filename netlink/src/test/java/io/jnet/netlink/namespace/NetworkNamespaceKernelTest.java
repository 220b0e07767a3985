package io.jnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.libc.Duplicates;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.libc.KernelSocket;
import io.jnet.netlink.link.BridgeCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@KernelTest
class NetworkNamespaceKernelTest {
    private static final InterfaceName BRIDGE = new InterfaceName("jbr-inside");
    private static final int AF_INET = 2;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_DGRAM = 2;
    private static final int ROUTE = 0;
    private static final int NETFILTER = 12;

    @Test
    void runsCodeInsideAndStaysOutsideItself() throws Exception {
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace inside = other.call(NetworkNamespace::current);
                NetworkNamespace outside = NetworkNamespace.current()) {
            assertThat(inside.run(() -> current())).isEqualTo(inside.identity());
            assertThat(current()).isEqualTo(outside.identity()).isNotEqualTo(inside.identity());
            assertThat(inside.identity())
                    .hasToString(
                            inside.identity().device() + ":" + inside.identity().inode());
        }
    }

    @Test
    void aSocketStaysInTheNamespaceThatItWasOpenedIn() throws Exception {
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace inside = other.call(NetworkNamespace::current);
                NetlinkSocket socket = inside.run(() -> NetlinkSocket.open(NetlinkProtocol.ROUTE))) {
            Links links = Links.over(socket);
            Link bridge =
                    links.create(new BridgeCreation(BRIDGE, MacAddress.parse("02:42:aa:00:00:01"), 1500, "inside"));
            assertThat(other.links()).containsExactly("jbr-inside");
            links.deleteAll(List.of(bridge.index()));
            other.assertNothingRemains();
        }
    }

    @Test
    void throwsWhatTheCodeThrew() throws Exception {
        try (NetworkNamespace namespace =
                NetworkNamespace.ofProcess(ProcessHandle.current().pid())) {
            assertThatThrownBy(() -> namespace.run(() -> {
                        throw new IOException("inside");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("inside");
        }
    }

    @Test
    void throwsWhatCodeWithoutCheckedExceptionsThrew() {
        try (NetworkNamespace namespace = NetworkNamespace.current()) {
            assertThat(namespace.get(() -> "inside")).isEqualTo("inside");
            assertThatThrownBy(() -> namespace.get(() -> {
                        throw new IllegalStateException("inside");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("inside");
        }
    }

    @Test
    void refusesWhatIsNoNamespace() {
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/run/netns/no-such-name")))
                .isInstanceOfSatisfying(KernelException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.ENOENT))
                .hasMessage("open /run/netns/no-such-name: no such file or object (ENOENT)");
        try (NetworkNamespace file = NetworkNamespace.open(Path.of("/dev/null"))) {
            assertThatThrownBy(() -> file.run(() -> "never"))
                    .hasMessage("enter network namespace /dev/null: invalid argument (EINVAL)");
        }
    }

    @Test
    void theCookieTellsNamespacesApart() throws Exception {
        try (FreshNamespace other = FreshNamespace.create()) {
            assertThat(NetworkNamespaceCookie.current())
                    .isPresent()
                    .isEqualTo(NetworkNamespaceCookie.current())
                    .isNotEqualTo(other.call(NetworkNamespaceCookie::current));
        }
    }

    @Test
    void usesTheSocketThatCameWithANamespace() {
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace inside = other.call(() -> with(socket(AF_NETLINK, ROUTE)))) {
            Thread caller = Thread.currentThread();
            for (int call = 0; call < 2; call++) {
                assertThat(inside.<List<String>>withSocket(socket -> {
                            assertThat(Thread.currentThread()).isSameAs(caller);
                            return names(socket);
                        }))
                        .isEqualTo(List.of("lo"));
            }
        }
    }

    /** What it is asked for it is asked for inside then, by a thread that enters. */
    @Test
    void usesNoSocketOfAnotherNamespaceNorOfAnotherKind() {
        try (FreshNamespace other = FreshNamespace.create();
                FreshNamespace third = FreshNamespace.create()) {
            third.call(() -> {
                try (NetlinkSocket socket = NetlinkSocket.open(NetlinkProtocol.ROUTE)) {
                    return Links.over(socket)
                            .create(new BridgeCreation(BRIDGE, MacAddress.parse("02:42:aa:00:00:01"), 1500, "third"));
                }
            });
            List<Callable<Descriptor>> useless = List.of(
                    () -> third.call(() -> socket(AF_NETLINK, ROUTE)),
                    () -> other.call(() -> socket(AF_NETLINK, NETFILTER)),
                    () -> other.call(() -> socket(AF_INET, 0)),
                    () -> Descriptor.open(Path.of("/dev/null")));
            for (Callable<Descriptor> one : useless) {
                Descriptor given = call(one);
                try (NetworkNamespace inside = other.call(() -> with(given))) {
                    assertThat(inside.<List<String>>withSocket(socket -> {
                                assertThat(Thread.currentThread().getName()).startsWith("network namespace");
                                return names(socket);
                            }))
                            .as(given.toString())
                            .isEqualTo(List.of("lo"));
                    assertThatThrownBy(given::number).as("closed").isInstanceOf(IllegalStateException.class);
                }
            }
        }
    }

    /** The kernel asks for the permission of who opened the socket, too. */
    @Test
    void entersWhereWhoOpenedTheSocketMayNot() {
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace inside = other.call(() -> with(socket(AF_NETLINK, ROUTE)))) {
            Thread caller = Thread.currentThread();
            assertThat(inside.<List<String>>withSocket(socket -> refusedOn(caller, Errno.EPERM, socket)))
                    .isEqualTo(List.of("lo"));
            assertThatThrownBy(() -> inside.withSocket(socket -> refusedOn(caller, Errno.EBUSY, socket)))
                    .hasMessageContaining("EBUSY");
        }
    }

    private static List<String> refusedOn(Thread refused, Errno errno, NetlinkSocket socket) {
        if (Thread.currentThread().equals(refused)) {
            throw new KernelException("set up", "eth0", errno);
        }
        return names(socket);
    }

    @Test
    void closesTheSocketOfWhatIsNoNamespace() {
        Descriptor socket = socket(AF_NETLINK, ROUTE);
        assertThat(NetworkNamespace.of(Descriptor.open(Path.of("/dev/null")), Optional.of(socket)))
                .isEmpty();
        assertThatThrownBy(socket::number).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isIdentifiedAsItsFileIs() throws IOException {
        try (NetworkNamespace here = NetworkNamespace.current()) {
            Path file = Path.of("/proc/thread-self/ns/net");
            assertThat(here.identity())
                    .isEqualTo(new NamespaceIdentity(
                            ((Number) Files.getAttribute(file, "unix:dev")).longValue(),
                            ((Number) Files.getAttribute(file, "unix:ino")).longValue()));
        }
    }

    private static NetworkNamespace with(Descriptor socket) {
        return NetworkNamespace.of(Descriptor.open(Path.of("/proc/thread-self/ns/net")), Optional.of(socket))
                .orElseThrow();
    }

    private static Descriptor socket(int family, int protocol) {
        try (KernelSocket socket = KernelSocket.open(family, SOCK_DGRAM, protocol, "socket of family " + family)) {
            return Duplicates.descriptor(socket);
        }
    }

    private static List<String> names(NetlinkSocket socket) {
        return Links.over(socket).list().stream().map(Link::name).toList();
    }

    private static <T> T call(Callable<T> code) {
        try {
            return code.call();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static NamespaceIdentity current() {
        try (NetworkNamespace here = NetworkNamespace.current()) {
            return here.identity();
        }
    }
}
