package io.jnet.cni;

import static io.jnet.cni.CniCalls.REMEDY;
import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After another plugin, which has made the container's interface. */
@KernelTest
class CniChainedKernelTest {
    private static final String PREVIOUS =
            """
            "prevResult": {"interfaces": [{"name": "cni0"}, {"name": "veth83"}, {"name": "eth0", "sandbox": "/run/netns/c1"}],
              "ips": [{"address": "10.83.0.2/24", "interface": 2}], "routes": [{"dst": "0.0.0.0/0"}]}
            """;

    @TempDir
    private Path directory;

    private PluginHost jnet;
    private CniCalls cni;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
        cni = new CniCalls(jnet);
        connect();
    }

    @AfterEach
    void close() {
        // With the namespace it would go some time later.
        Commands.run("ip", "link", "delete", "veth83");
        jnet.close();
    }

    /** A configuration of jnet alone was edited; the network that it made stays. */
    @Test
    void aNetworkOfTheNameThatJnetMadeOnceIsNotTakenForTheContainers() {
        result(cni.call("ADD", "c0", "eth7", ""));
        succeeded(cni.call("DEL", "c0", "eth7", ""));
        result(cni.callWith("ADD", "c1", "eth0", PREVIOUS));
        succeeded(cni.callWith("CHECK", "c1", "eth0", PREVIOUS));
    }

    @Test
    void aNetworkOfTheOtherKindIsRefusedWithWhatHelps() {
        String published = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}";
        result(cni.call("ADD", "c0", "eth7", ""));
        assertThat(error(cni.callWith("ADD", "c1", "eth0", PREVIOUS + published), 7)
                        .path("msg")
                        .asString())
                .isEqualTo("prevResult contradicts network web, whose interfaces jnet makes" + REMEDY);
        succeeded(cni.call("DEL", "c0", "eth7", ""));
        jnet.plugin.removeNetwork("web");
        result(cni.callWith("ADD", "c1", "eth0", PREVIOUS + published));
        assertThat(error(cni.call("ADD", "c0", "eth7", ""), 7).path("msg").asString())
                .startsWith("network web is one whose interfaces other plugins make")
                .endsWith("without a prevResult" + REMEDY.substring(1));
    }

    /** The reference plugins take them; the routes are of no use to ports and rates. */
    @Test
    void whatPortsDoNotNeedOfTheResultIsNotJudged() {
        String published =
                PREVIOUS.replace("\"interface\": 2", "\"interface\": 7").replace("0.0.0.0/0", "10.1.2.3/8")
                        + ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80}]}";

        result(cni.callWith("ADD", "c1", "eth0", published));
        assertThat(Commands.run("nft", "list", "map", "inet", "jnet", "published4"))
                .contains("10.83.0.2 . 80");
        succeeded(cni.callWith("CHECK", "c1", "eth0", published));
    }

    private void connect() {
        String inside = "/proc/" + ProcessHandle.current().pid() + "/fd/"
                + jnet.container.descriptor().number();
        Commands.run("ip", "link", "add", "veth83", "type", "veth", "peer", "name", "eth0", "netns", inside);
        Commands.run("ip", "link", "set", "veth83", "up");
        jnet.inside.call(() -> Commands.run("ip", "address", "add", "10.83.0.2/24", "dev", "eth0"));
        jnet.inside.call(() -> Commands.run("ip", "link", "set", "eth0", "up"));
    }
}
