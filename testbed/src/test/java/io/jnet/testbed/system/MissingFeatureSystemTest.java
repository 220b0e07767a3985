package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.supervision.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels that were built without something that jnet needs: one line that names it, in the answer and in the log; nothing changed. */
@SystemTest
class MissingFeatureSystemTest {
    private static final int NETLINK_NETFILTER = 12;
    private static final String NETWORK = "\"NetworkID\":\"" + "ab".repeat(32) + "\"";
    private static final String ENDPOINT = NETWORK + ",\"EndpointID\":\"" + "cd".repeat(32) + "\"";
    private static final String CREATE =
            "{" + NETWORK + ",\"IPv4Data\":[{\"Gateway\":\"10.91.0.1/24\",\"Pool\":\"10.91.0.0/24\"}],\"IPv6Data\":[]}";
    private static final String CREATE_ENDPOINT = "{" + ENDPOINT + ",\"Interface\":{\"Address\":\"10.91.0.2/24\"}}";

    private static final String SHAPED =
            """
            {"cniVersion": "1.1.0", "name": "box", "type": "jnet", "ipam": {"type": "jnet"},
             "ingressRate": 8000000, "egressRate": 8000000}
            """;

    private static Lab lab;
    private static Refusal refusal;

    @BeforeAll
    static void openALab() {
        lab = Lab.open();
        refusal = Refusal.build(lab.folder());
    }

    @AfterAll
    static void closeIt() {
        lab.close();
    }

    private static CommandResult call(JnetDaemon jnet, String method, String body) {
        return jnet.post("/NetworkDriver." + method, body).orThrow();
    }

    @Test
    void withoutNfnetlinkTheDaemonEndsWithOneLine() {
        HostDump before = HostDump.of(lab.host());
        List<String> command = new ArrayList<>(refusal.ofProtocol(NETLINK_NETFILTER));
        command.addAll(List.of(JnetDaemon.distribution().resolve("bin/jnet").toString(), "daemon"));
        CommandResult refused = lab.host().run(command);
        assertThat(refused.exitStatus()).as(refused.everything()).isEqualTo(1);
        assertThat(refused.errors().strip().lines()).as(refused.errors()).hasSize(1);
        assertThat(refused.errors()).contains("this kernel lacks nftables (CONFIG_NF_TABLES)", "modprobe");
        assertThat(before.without("files").difference(HostDump.of(lab.host()).without("files")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bridge, cannot create bridge jbr-abababababa: this kernel lacks bridges (CONFIG_BRIDGE)",
        "masq, this kernel lacks masquerading in nftables (CONFIG_NFT_MASQ)",
        "fib, this kernel lacks routing look-ups in nftables (CONFIG_NFT_FIB_INET)",
        "nat, this kernel lacks address translation in nftables (CONFIG_NFT_NAT)",
        "ct, this kernel lacks connection tracking in nftables (CONFIG_NFT_CT)",
    })
    void aNetworkThatTheKernelCannotMakeIsRefusedByTheNameOfWhatIsMissing(String word, String message) {
        JnetDaemon jnet = JnetDaemon.start(lab.host(), refusal.ofUnknown(word));
        try {
            HostDump before = HostDump.of(lab.host());
            assertRefused(jnet, call(jnet, "CreateNetwork", CREATE), message);
            assertThat(before.difference(HostDump.of(lab.host()))).isEmpty();
        } finally {
            jnet.stop();
        }
    }

    @Test
    void aContainerThatTheKernelCannotConnectIsRefusedByTheNameOfWhatIsMissing() {
        JnetDaemon jnet = JnetDaemon.start(lab.host(), refusal.ofUnknown("veth"));
        try {
            assertSucceeded(call(jnet, "CreateNetwork", CREATE));
            assertSucceeded(call(jnet, "CreateEndpoint", CREATE_ENDPOINT));
            HostDump before = HostDump.of(lab.host());
            assertRefused(
                    jnet,
                    call(jnet, "Join", "{" + ENDPOINT + ",\"SandboxKey\":\"/run/netns/x\"}"),
                    "this kernel lacks veth pairs (CONFIG_VETH): load them (modprobe veth)");
            assertThat(before.difference(HostDump.of(lab.host()))).isEmpty();
            assertSucceeded(call(jnet, "DeleteNetwork", "{" + NETWORK + "}"));
        } finally {
            jnet.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tbf, this kernel lacks token bucket filters (CONFIG_NET_SCH_TBF): load them (modprobe sch_tbf)",
        "ifb, this kernel lacks ifb links (CONFIG_IFB): load them (modprobe ifb)",
        "ingress, this kernel lacks ingress qdiscs (CONFIG_NET_SCH_INGRESS): load them (modprobe sch_ingress)",
        "u32, this kernel lacks filters of the kind u32 (CONFIG_NET_CLS_U32): load them (modprobe cls_u32)",
        "mirred, this kernel lacks the action mirred (CONFIG_NET_ACT_MIRRED): load them (modprobe act_mirred)",
    })
    void aContainerWhoseTrafficTheKernelCannotShapeIsRefusedByTheNameOfWhatIsMissing(String word, String message) {
        JnetDaemon jnet = JnetDaemon.start(lab.host(), refusal.ofUnknown(word));
        lab.host().run("ip", "netns", "add", "box").orThrow();
        try {
            HostDump before = HostDump.of(lab.host());
            CniCall add = CniCall.of("ADD", "box", SHAPED);
            assertThat(add.run(lab.host()).error(2)).contains(message);
            assertThat(before.difference(HostDump.of(lab.host()))).isEmpty();
        } finally {
            lab.host().run("ip", "netns", "delete", "box");
            jnet.stop();
        }
    }

    /** The opposite of all of them. */
    @Test
    void aKernelThatHasEverythingRefusesNothing() {
        JnetDaemon jnet = JnetDaemon.start(lab.host(), refusal.ofUnknown("nothing"));
        try {
            assertSucceeded(call(jnet, "CreateNetwork", CREATE));
            assertSucceeded(call(jnet, "CreateEndpoint", CREATE_ENDPOINT));
            assertSucceeded(call(jnet, "Join", "{" + ENDPOINT + ",\"SandboxKey\":\"/run/netns/x\"}"));
            assertSucceeded(call(jnet, "DeleteNetwork", "{" + NETWORK + "}"));
            lab.host().run("ip", "netns", "add", "box").orThrow();
            CniCall.of("ADD", "box", SHAPED).run(lab.host()).result();
            CniCall.of("DEL", "box", SHAPED).run(lab.host()).succeeded();
            jnet.run("network", "rm", "box").orThrow();
        } finally {
            lab.host().run("ip", "netns", "delete", "box");
            jnet.stop();
        }
    }

    private static void assertSucceeded(CommandResult answer) {
        assertThat(answer.output()).doesNotContain("\"Err\":");
    }

    private static void assertRefused(JnetDaemon jnet, CommandResult answer, String message) {
        assertThat(answer.output()).contains("\"Err\":\"", message);
        assertThat(answer.output().strip().lines()).hasSize(1);
        assertThat(jnet.log().lines().filter(line -> line.contains(message))).hasSize(1);
        assertThat(jnet.log()).doesNotContain("\tat ", "Exception");
    }
}
