package io.jnet.cni;

import static io.jnet.cni.CniCalls.error;
import static io.jnet.cni.CniCalls.result;
import static io.jnet.cni.CniCalls.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.netlink.namespace.NetworkNamespace;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.FreshNamespace;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code jnet attach} and {@code detach} ask for. */
@KernelTest
class AttachedByHandKernelTest {
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

    /** What jnet attach asks for is for a network that it has to make. */
    @Test
    void whoAttachesByHandTakesTheNetworkAsItIs() {
        result(cni.callWith(
                "ADD", "c1", "eth0", "\"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.88.0.0/29\"}]]}"));
        JsonNode result =
                result(cni.callWith("ADD", "by-hand.c2", "eth1", "\"isDefaultGateway\": true, \"ipMasq\": true"));
        assertThat(result.at("/ips/0/address").asString()).isEqualTo("10.88.0.3/29");
        assertThat(result.path("routes").toString()).doesNotContain("0.0.0.0/0");
        assertThat(jnet.inside.call(() -> Commands.run("ip", "route"))).doesNotContain("default");
    }

    /** Whom it lets in is the network's to say, and no less of account for a container that nobody has configured. */
    @Test
    void whoAttachesByHandNeedNotKnowWhomTheNetworkLetsIn() {
        String policy = ", \"publishPolicy\": \"from=192.0.2.0/24\"";
        result(cni.call("ADD", "c1", "eth0", policy));
        result(cni.call("ADD", "by-hand.c2", "eth1", ""));
        assertThat(jnet.engine.publishPolicy(jnet.engine.networks().get(0))).hasToString("from=192.0.2.0/24");
        assertThat(error(cni.call("ADD", "c3", "eth2", ""), 7).path("msg").asString())
                .startsWith("publishPolicy open contradicts network web");
        assertThat(error(cni.call("STATUS", "", "", ""), 50).path("msg").asString())
                .startsWith("publishPolicy open contradicts network web");
    }

    /** Whatever its attachment was called, by what it was typed as or by an earlier version. */
    @Test
    void whatWasAttachedByHandIsFoundByItsNamespace() {
        result(cni.attach("ADD", "by-hand.web", jnet.container));
        succeeded(cni.attach("DEL", "by-hand.net-4026532281", jnet.container));
        assertThat(jnet.engine.endpoints()).isEmpty();
        assertThat(cni.leased()).isEmpty();
        assertThat(jnet.inside.call(() -> Commands.run("ip", "-brief", "link"))).doesNotContain("eth0");
    }

    @Test
    void whoDetachesByHandWhatIsNotAttachedIsToldAndCutsNobodyOff() {
        result(cni.attach("ADD", "by-hand.net", jnet.container));
        try (FreshNamespace other = FreshNamespace.create();
                NetworkNamespace container = other.call(NetworkNamespace::current)) {
            assertThat(error(cni.attach("DEL", "by-hand.net-4026532281", container), 3)
                            .path("msg")
                            .asString())
                    .isEqualTo("container by-hand.net-4026532281 is not on network web by interface eth0");
            // An interface that looks like the attached one does not make it that.
            String mac = jnet.engine.endpoints().get(0).mac().toString();
            other.call(() -> Commands.run("ip", "link", "add", "eth0", "address", mac, "type", "bridge"));
            error(cni.attach("DEL", "by-hand.net-4026532281", container), 3);
        }
        assertThat(jnet.engine.endpoints()).hasSize(1);
        succeeded(cni.attach("DEL", "by-hand.net", jnet.container));
        error(cni.attach("DEL", "by-hand.net", jnet.container), 3);
    }

    /** A process's number is used again, and with it its namespace's path. */
    @Test
    void aPathThatHasBecomeAnothersCutsNobodyOff() {
        result(cni.attach("ADD", "by-hand.1234", jnet.container));
        jnet.inside.call(() -> Commands.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:07"));
        error(cni.attach("DEL", "by-hand.net-4026532281", jnet.container), 3);
        assertThat(jnet.engine.endpoints()).hasSize(1);
    }

    /** The engine hears of a namespace's end a moment later. */
    @Test
    void whatEndedWithItsNamespaceIsNotInTheWayOfTheNextOneOfItsName() {
        result(cni.attach("ADD", "by-hand.net-4026532281", jnet.container));
        EndpointSpec spec = jnet.engine.endpoints().get(0).spec();
        succeeded(cni.attach("DEL", "by-hand.net-4026532281", jnet.container));
        jnet.engine.createEndpoint(spec);
        assertThat(jnet.engine.endpoints()).as("one without its link").hasSize(1);

        result(cni.attach("ADD", "by-hand.net-4026532281", jnet.container));
        error(cni.attach("ADD", "by-hand.net-4026532281", jnet.container), 100);
    }
}
