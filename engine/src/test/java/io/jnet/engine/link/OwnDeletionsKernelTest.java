package io.jnet.engine.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.watch.HostChanges;
import io.jnet.engine.watch.KernelChanges;
import io.jnet.netlink.NetlinkProtocol;
import io.jnet.netlink.NetlinkSocket;
import io.jnet.netlink.libc.Descriptor;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.Ipv6AddressGeneration;
import io.jnet.netlink.link.Links;
import io.jnet.netlink.link.VethCreation;
import io.jnet.netlink.link.VethEnd;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That somebody has removed a container's port is news; that jnet has is none for a while. */
@KernelTest
class OwnDeletionsKernelTest {
    private static final String PORT = "jv1234567890abc";
    private static final String OTHER_PORT = "jv2222222222222";
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OwnDeletions own = new OwnDeletions();
    private NetlinkSocket socket;
    private FreshNamespace containers;
    private HostChanges changes;

    @BeforeEach
    void makeAPort() {
        socket = NetlinkSocket.open(NetlinkProtocol.ROUTE);
        Commands.run("ip", "link", "add", "web0", "address", "02:42:aa:00:00:01", "type", "bridge");
        Commands.run("ip", "link", "set", "web0", "addrgenmode", "none", "up");
        containers = FreshNamespace.create();
        // The bridge keeps its carrier by the second one.
        addPort(PORT);
        addPort(OTHER_PORT);
        changes = KernelChanges.open(own);
        while (waited(QUIET).compareTo(QUIET) < 0) {
            // What the making of them has to tell.
        }
    }

    @AfterEach
    void close() {
        changes.close();
        Commands.run("ip", "link", "delete", OTHER_PORT);
        Commands.run("ip", "link", "delete", "web0");
        containers.close();
        socket.close();
    }

    @Test
    void whatJnetDeletesIsLookedAtLater() {
        Links links = Links.over(socket);
        long begun = System.nanoTime();
        new SharedDeletion(links, own)
                .delete(links.find(new InterfaceName(PORT)).orElseThrow().index());

        assertThat(changes.rest(Duration.ofMillis(1))).isFalse();
        assertThat(waited(PATIENCE)).isLessThan(PATIENCE.minusSeconds(1));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(QUIET);
    }

    @Test
    void whatSomebodyElseDeletesIsLookedAtAtOnce() {
        Commands.run("ip", "link", "delete", PORT);

        assertThat(changes.rest(PATIENCE)).isTrue();
        assertThat(waited(PATIENCE)).isLessThan(PATIENCE.minusSeconds(1));
    }

    private void addPort(String name) {
        try (Descriptor namespace = containers.call(() -> Descriptor.open(Path.of("/proc/thread-self/ns/net")))) {
            Links.over(socket)
                    .create(VethCreation.of(
                                    VethEnd.of(new InterfaceName(name)),
                                    VethEnd.of(new InterfaceName("p" + name.substring(2))))
                            .withPeerNamespace(namespace)
                            .withIpv6AddressGeneration(Ipv6AddressGeneration.NONE));
        }
        containers.call(() -> Commands.run("ip", "link", "set", "p" + name.substring(2), "up"));
        Commands.run("ip", "link", "set", name, "master", "web0", "up");
    }

    private Duration waited(Duration longest) {
        long begun = System.nanoTime();
        changes.await(longest);
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
