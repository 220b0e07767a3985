package io.jnet.cni;

import static io.jnet.cni.CniCalls.WEB;
import static io.jnet.cni.CniCalls.environment;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code enabledad}: addresses of IPv6 that somebody else may have already. */
@KernelTest
class DuplicateDetectionKernelTest {
    private static final String DETECTING = ", \"enabledad\": true";

    @TempDir
    private Path directory;

    private PluginHost jnet;
    private CniCalls cni;
    private FreshNamespace neighbour;
    private NetworkNamespace neighboursHandle;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
        cni = new CniCalls(jnet);
        neighbour = FreshNamespace.create();
        neighboursHandle = neighbour.call(NetworkNamespace::current);
    }

    @AfterEach
    void close() {
        jnet.close();
        neighboursHandle.close();
        neighbour.close();
    }

    @Test
    void anAdditionIsAnsweredWhenItsAddressCanBeUsed() {
        result(cni.call("ADD", "c1", "eth0", DETECTING));
        assertThat(jnet.inside.call(
                        () -> Commands.run("ip", "-6", "address", "show", "dev", "eth0", "to", "fd00:88::/64")))
                .contains("fd00:88::2/64")
                .doesNotContain("tentative");
    }

    @Test
    void anAddressThatANeighbourHasIsNotGiven() {
        addNeighbour();
        neighbour.call(() -> Commands.run("ip", "address", "add", "fd00:88::3/64", "dev", "eth0", "nodad"));
        String leases = cni.leased().toString();

        assertThat(error(cni.call("ADD", "c1", "eth0", DETECTING), 100)
                        .path("msg")
                        .asString())
                .startsWith("address fd00:88::3/64 is somebody else's on the network already");
        assertThat(jnet.engine.endpoints()).hasSize(1);
        assertThat(cni.leased()).hasToString(leases);
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
    }

    @Test
    void aNetworkThatWasMadeForAnAdditionThatFailsGoesWithIt() {
        Commands.run("ip", "link", "add", "theirs", "up", "type", "bridge");
        String inside = "/proc/" + ProcessHandle.current().pid() + "/fd/"
                + neighboursHandle.descriptor().number();
        Commands.run(
                "ip", "link", "add", "port0", "master", "theirs", "up", "type", "veth", "peer", "name", "eth0", "netns",
                inside);
        neighbour.call(() -> Commands.run("ip", "link", "set", "eth0", "up"));
        neighbour.call(() -> Commands.run("ip", "address", "add", "fd00:88::2/64", "dev", "eth0", "nodad"));

        String adopted = DETECTING + ", \"bridge\": \"theirs\", \"adoptBridge\": true";
        error(cni.call("ADD", "c1", "eth0", adopted), 100);
        assertThat(jnet.engine.networks()).isEmpty();
        assertThat(jnet.addresses.pools().pools()).isEmpty();
        Commands.run("ip", "link", "delete", "port0");
        Commands.run("ip", "link", "delete", "theirs");
    }

    @Test
    void aCheckFindsAnAddressThatANeighbourHas() {
        result(cni.call("ADD", "c1", "eth0", DETECTING));
        String previous = DETECTING + ", \"prevResult\": {}";
        succeeded(cni.call("CHECK", "c1", "eth0", previous));
        addNeighbour();
        neighbour.call(() -> Commands.run("ip", "address", "add", "fd00:88::2/64", "dev", "eth0", "nodad"));
        jnet.inside.call(() -> {
            Commands.run("ip", "address", "delete", "fd00:88::2/64", "dev", "eth0");
            Commands.run("ip", "address", "add", "fd00:88::2/64", "dev", "eth0");
            Commands.runUntil("dadfailed", "ip", "-6", "address", "show", "dev", "eth0");
            return true;
        });
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous), 103)
                        .path("msg")
                        .asString())
                .startsWith("address fd00:88::2/64 is somebody else's on the network already");
    }

    private void addNeighbour() {
        result(jnet.plugin.answer(new CniRequest(
                environment("ADD", "neighbour", "eth0"),
                WEB.formatted("").getBytes(UTF_8),
                Optional.of(neighboursHandle))));
    }
}
