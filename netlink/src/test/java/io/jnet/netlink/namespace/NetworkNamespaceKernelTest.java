package io.jnet.netlink.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Errno;
import io.jnet.netlink.libc.KernelException;
import io.jnet.netlink.link.BridgeCreation;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Link;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@KernelTest
class NetworkNamespaceKernelTest {
    private static final InterfaceName BRIDGE = new InterfaceName("jbr-inside");

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

    private static NamespaceIdentity current() {
        try (NetworkNamespace here = NetworkNamespace.current()) {
            return here.identity();
        }
    }
}
