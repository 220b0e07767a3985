package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.daemon.PluginContainer;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.load.PingFlood;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A state that is not the one of what is there, while a container is in use: nothing is removed, nothing new is made, and what to do is
 * said.
 */
@SystemTest
class StandstillSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> IN_CONTAINER = List.of("nsenter", "--net=/run/netns/handmade");
    private static final String GREETING = "still here";

    private Lab lab;
    private HostDump untouched;
    private JnetDaemon jnet;
    private PluginContainer container;
    private String instance;

    @BeforeEach
    void startAContainer() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
        jnet.stop();
        // ip makes its folder with the first namespace.
        lab.host().shell("ip netns add first && ip netns delete first");
        untouched = HostDump.of(lab.host());
        jnet.startAgain();
        instance = jnet.json("status").path("instance").asString();
        container = PluginContainer.start(lab.host(), jnet);
        container.publish(8080, 80);
        container.serve("exec socat TCP-LISTEN:80,fork,reuseaddr SYSTEM:'echo " + GREETING + "'");
        Eventually.holds("the container answers", PATIENCE, this::isReached);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void withAnEmptyFolderContainersGoOnAndTheRightOneIsWaitedFor() {
        jnet.stop();
        HostDump host = HostDump.of(lab.host());
        PingFlood out = PingFlood.start(lab.host(), IN_CONTAINER, Lab.OUTSIDE_ADDRESS);
        // As a disk that is not mounted yet.
        lab.host().shell("mount -t tmpfs -o mode=700 none /var/lib/jnet");
        jnet.startAgain();
        assertThat(isReached()).isTrue();

        JsonNode status = jnet.json("status");
        assertThat(status.path("instance").asString()).isNotEqualTo(instance);
        assertThat(unrecorded(status))
                .containsExactly(
                        "table bridge jnet", "table inet jnet", "bridge jbr-93ab93ab93a", "link jv93cd93cd93cd9");
        String line = "the state in /var/lib/jnet is not the one of what is here: 4 objects of jnet are not in it";
        CommandResult refused = PluginCall.DUAL.make(jnet);
        assertThat(refused.output()).contains(line).doesNotContain("\n");
        // STATUS waits for a tenth of a second only, which a busy machine may need.
        Eventually.holds(
                "STATUS says so", PATIENCE, () -> cni("STATUS").error(50).contains(line));
        assertThat(cni("ADD").command().output()).contains(line);
        assertThat(jnet.run("status").orThrow().output())
                .contains("standing still")
                .contains(instance);
        assertThat(jnet.log()).contains(line);

        assertThat(out.lost()).isZero();
        jnet.stop();
        lab.host().shell("umount /var/lib/jnet");
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();

        jnet.startAgain();
        assertThat(unrecorded(jnet.json("status"))).isEmpty();
        assertThat(isReached()).isTrue();
        container.remove();
        jnet.stop();
        assertThat(untouched.difference(HostDump.of(lab.host()))).isEmpty();
    }

    @Test
    void anOlderCopyOfTheStateRemovesNothingUntilItIsTold() {
        container.remove();
        succeed(PluginCall.DUAL);
        jnet.stop();
        lab.host().shell("cp /var/lib/jnet/state.lmdb /var/lib/jnet/older.lmdb");
        jnet.startAgain();
        container = PluginContainer.start(lab.host(), jnet);
        container.publish(8080, 80);
        container.serve("exec socat TCP-LISTEN:80,fork,reuseaddr SYSTEM:'echo " + GREETING + "'");
        Eventually.holds("the container answers", PATIENCE, this::isReached);
        jnet.stop();
        HostDump host = HostDump.of(lab.host());

        lab.host().shell("mv /var/lib/jnet/older.lmdb /var/lib/jnet/state.lmdb");
        jnet.startAgain();
        assertThat(unrecorded(jnet.json("status"))).containsExactly("bridge jbr-93ab93ab93a", "link jv93cd93cd93cd9");
        assertThat(PluginCall.isError(PluginCall.DUAL.back().make(jnet))).isTrue();
        assertThat(isReached()).isTrue();
        jnet.stop();
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();

        jnet.startAgain();
        assertThat(jnet.run("clean", "--instance", instance).orThrow().output())
                .isEqualTo("removed bridge jbr-93ab93ab93a\nremoved link jv93cd93cd93cd9\n");
        assertThat(isReached()).isFalse();
        assertThat(jnet.json("network", "ls").findValuesAsString("id")).containsExactly("da1a".repeat(16));
        succeed(PluginCall.DUAL.back());
        lab.host().shell("ip netns delete handmade");
        jnet.stop();
        assertThat(untouched.difference(HostDump.of(lab.host()))).isEmpty();
    }

    @Test
    void whatALostStateHasLeftIsRemovedWhenItIsNamed() {
        jnet.kill();
        lab.host().shell("rm /var/lib/jnet/state.lmdb*");
        jnet.startAgain();
        CommandResult unknown = jnet.run("clean", "--instance", "0".repeat(32));
        assertThat(unknown.exitStatus()).isEqualTo(1);
        assertThat(unknown.errors().strip())
                .startsWith("jnet: nothing of instance ")
                .doesNotContain("\n");

        jnet.run("clean", "--instance", instance).orThrow();
        assertThat(unrecorded(jnet.json("status"))).isEmpty();
        succeed(PluginCall.DUAL);
        succeed(PluginCall.DUAL.back());
        lab.host().shell("ip netns delete handmade");
        jnet.stop();
        assertThat(untouched.difference(HostDump.of(lab.host()))).isEmpty();
    }

    /** As a container could mark a link that its runtime then takes back. */
    @Test
    void aForgedMarkStopsNobodyAndIsNobodysToRemove() {
        lab.host()
                .shell("ip link add forged type veth peer name forged2"
                        + " && ip link set forged alias 'jnet %1$s endpoint 1' && ip link set forged2 alias 'jnet %2$s network 2'"
                                .formatted(instance, "0".repeat(32)));
        jnet.stop();
        jnet.startAgain();
        assertThat(unrecorded(jnet.json("status"))).isEmpty();
        container.remove();
        assertThat(lab.host().shell("ip -brief link show dev forged")).isNotEmpty();
    }

    @Test
    void aSecondDaemonIsRefusedWhateverItsFolder() {
        CommandResult second = jnet.run(
                "daemon",
                "--state-dir",
                "/var/lib/second",
                "--plugin-socket",
                "/run/second/plugin.sock",
                "--socket",
                "/run/second/jnet.sock",
                "--cni-socket",
                "/run/second/cni.sock");
        assertThat(second.exitStatus()).isEqualTo(1);
        assertThat(second.errors().strip())
                .matches("jnet: another jnet daemon, process \\d+, works in this network namespace: stop it, .*");
        assertThat(isReached()).isTrue();
        assertThat(lab.host().run("test", "-e", "/var/lib/second").succeeded()).isFalse();
    }

    @Test
    void aStateOfAnotherNetworkNamespaceIsNotTakenForOneOfBeforeAReboot() {
        jnet.stop();
        lab.host().shell("ip netns add other");
        HostDump host = HostDump.of(lab.host());
        CommandResult elsewhere = lab.host()
                .run(
                        "nsenter",
                        "--net=/run/netns/other",
                        "--",
                        JnetDaemon.distribution().resolve("bin/jnet").toString(),
                        "daemon");
        assertThat(elsewhere.exitStatus()).isEqualTo(1);
        assertThat(elsewhere.errors().strip())
                .matches("jnet: the state in /var/lib/jnet is of another network namespace, which is still there"
                        + " \\(/proc/\\d+/ns/net\\): start jnet in that one, or .*--state-dir; nothing was changed");
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();
        assertThat(lab.host().shell("ip -n other -brief link")).doesNotContain("jbr-");

        jnet.startAgain();
        assertThat(unrecorded(jnet.json("status"))).isEmpty();
        assertThat(jnet.json("endpoint", "ls")).hasSize(1);
        assertThat(isReached()).isTrue();
    }

    private static List<String> unrecorded(JsonNode status) {
        return status.path("unrecorded").findValuesAsString("object");
    }

    private boolean isReached() {
        return lab.outside()
                .run("socat", "-u", "-T5", "TCP:" + Lab.HOST_ADDRESS + ":8080,connect-timeout=5", "-")
                .output()
                .contains(GREETING);
    }

    private CniCall.Answer cni(String command) {
        lab.host().shell("ip netns add other");
        CniCall.Answer answer = CniCall.of(
                        command, "other", "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"type\":\"jnet\"}")
                .run(lab.host());
        lab.host().shell("ip netns delete other");
        return answer;
    }

    private void succeed(PluginCall call) {
        CommandResult answer = call.make(jnet);
        assertThat(PluginCall.isError(answer)).as(answer.everything()).isFalse();
    }
}
