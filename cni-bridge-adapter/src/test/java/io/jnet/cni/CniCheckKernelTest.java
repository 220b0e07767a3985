package io.jnet.cni;

import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.EndpointId;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a CHECK finds, and what it leaves to others. */
@KernelTest
class CniCheckKernelTest {
    @TempDir
    private Path directory;

    private PluginHost jnet;
    private CniCalls cni;

    @BeforeEach
    void open() {
        jnet = new PluginHost(directory);
        cni = new CniCalls(jnet);
    }

    @AfterEach
    void close() {
        jnet.close();
    }

    @Test
    void aCheckExpectsTheMacAddressOfTheLastPlugin() {
        String mac = result(cni.call("ADD", "c1", "eth0", ""))
                .at("/interfaces/2/mac")
                .asString();
        String previous =
                ", \"prevResult\": {\"interfaces\": [{\"name\": \"eth0\", \"mac\": \"%s\", \"sandbox\": \"/x\"}]}";
        succeeded(cni.call("CHECK", "c1", "eth0", previous.formatted(mac)));
        error(cni.call("CHECK", "c1", "eth0", previous.formatted("02:00:00:00:00:07")), 103);
        jnet.inside.call(() -> Commands.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07"));
        succeeded(cni.call("CHECK", "c1", "eth0", previous.formatted("02:00:00:00:00:07")));
    }

    @Test
    void aCheckLooksForThePublishedPorts() {
        String port = ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": %d, \"containerPort\": 80}]}";
        result(cni.call("ADD", "c1", "eth0", port.formatted(8080)));
        String previous = ", \"prevResult\": {}";
        succeeded(cni.call("CHECK", "c1", "eth0", previous + port.formatted(8080)));
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous + port.formatted(8081)), 103)
                        .path("msg")
                        .asString())
                .contains("8081/tcp");
        EndpointId id = jnet.engine.endpoints().get(0).id();
        jnet.engine.unpublish(jnet.engine.endpoints().get(0).spec().network(), id);
        error(cni.call("CHECK", "c1", "eth0", previous + port.formatted(8080)), 103);
        succeeded(cni.call("CHECK", "c1", "eth0", previous));
    }

    @Test
    void aCheckFindsWhatWasChanged() {
        result(cni.call("ADD", "c1", "eth0", ""));
        String previous = ", \"prevResult\": {\"routes\": [{\"dst\": \"0.0.0.0/0\"}]}";
        succeeded(cni.call("CHECK", "c1", "eth0", previous));
        assertThat(error(cni.call("CHECK", "c1", "eth0", ""), 7).path("msg").asString())
                .isEqualTo("missing prevResult");
        error(cni.call("CHECK", "c1", "eth7", previous), 3);

        jnet.inside.call(() -> Commands.run("ip", "route", "delete", "default"));
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous), 103)
                        .path("msg")
                        .asString())
                .contains("route to 0.0.0.0/0");
        jnet.inside.call(() -> Commands.run("ip", "route", "add", "default", "via", "10.88.0.1"));
        succeeded(cni.call("CHECK", "c1", "eth0", previous));
        jnet.inside.call(() -> Commands.run("ip", "address", "delete", "10.88.0.2/29", "dev", "eth0"));
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous), 103)
                        .path("msg")
                        .asString())
                .contains("10.88.0.2/29");
    }

    /** Multus takes the default route of all networks but one away, from the container and from the result that it keeps. */
    @Test
    void aRouteThatTheResultHasNoMoreIsNotMissed() {
        result(cni.call("ADD", "c1", "eth0", ""));
        jnet.inside.call(() -> Commands.run("ip", "route", "delete", "default"));
        String previous = ", \"prevResult\": {\"routes\": [{\"dst\": \"%s\"}]}";
        succeeded(cni.call("CHECK", "c1", "eth0", previous.formatted("::/0")));
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous.formatted("0.0.0.0/0")), 103)
                        .path("msg")
                        .asString())
                .isEqualTo("the container has lost its route to 0.0.0.0/0");
    }

    @Test
    void aContainerThatJnetAddedIsMissedOnItsNetwork() {
        String previous =
                ", \"prevResult\": " + result(cni.call("ADD", "c1", "eth0", "")).toString();
        succeeded(cni.call("DEL", "c1", "eth0", ""));
        assertThat(error(cni.call("CHECK", "c1", "eth0", previous), 3)
                        .path("msg")
                        .asString())
                .isEqualTo("container c1 is not on network web by interface eth0");
    }
}
