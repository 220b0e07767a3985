package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.cni.CniCall;
import io.jnet.testbed.cni.CniCrowd;
import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.Eventually;
import io.jnet.testbed.machine.Lab;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Attachments whose runtime was killed, killed the plugin, or lost the host under it: nothing of them stays. */
@SystemTest
class CniNothingLeftSystemTest {
    private static final String CONFIGURATION =
            """
            {"cniVersion": "1.1.0", "name": "web", "type": "jnet", "isDefaultGateway": true, "ipMasq": true,
             "ipam": {"type": "jnet", "subnet": "10.88.0.0/24"}%s}
            """;
    private static final String PUBLISH =
            ", \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": %d, \"containerPort\": 80}]}";
    private static final String AGAIN = ", \"runtimeConfig\": {\"ips\": [\"%s\"], \"portMappings\":"
            + " [{\"hostPort\": %d, \"containerPort\": 80}]}";
    private static final String NO_ATTACHMENTS = ", \"cni.dev/valid-attachments\": []";

    private Lab lab;
    private JnetDaemon jnet;
    private HostDump host;
    private String engine;

    /** With the network, which stays when its last container goes, and with what the daemon makes once and keeps. */
    @BeforeEach
    void open() {
        lab = Lab.open();
        jnet = JnetDaemon.start(lab.host());
        lab.host().shell("install --mode=600 /dev/null /run/jnet/cni.lock; ip netns add c0");
        call("ADD", "c0", PUBLISH.formatted(8088)).run(lab.host()).result();
        call("DEL", "c0", "").run(lab.host()).succeeded();
        lab.host().shell("ip netns delete c0");
        remember();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theExecutableIsKilledAtAnyMoment() {
        int killed = 0;
        boolean deleted = false;
        for (String seconds :
                List.of("0.001", "0.002", "0.003", "0.004", "0.006", "0.008", "0.012", "0.016", "0.025", "0.05")) {
            for (int i = 0; i < 2; i++) {
                deleted = !deleted;
                lab.host().shell("ip netns add c1");
                CniCall add = call("ADD", "c1", PUBLISH.formatted(8088));
                killed += isKilled(add, seconds) ? 1 : 0;
                if (deleted) {
                    add.command("DEL").run(lab.host()).succeeded();
                }
                lab.host().shell("ip netns delete c1");
                assertNothingIsLeft("killed after " + seconds + " s" + (deleted ? ", with DEL" : ""));
            }
        }
        assertThat(killed).as("calls that were killed").isPositive();
        assertStays();
    }

    /** The container lives on, and no DEL comes: the daemon itself sees that nobody has the result. */
    @Test
    void anAdditionWhoseCallerIsGoneIsTakenBack() {
        lab.host().shell("ip netns add c1");
        CniCall add = call("ADD", "c1", PUBLISH.formatted(8088));
        jnet.pause();
        try {
            assertThat(isKilled(add, "0.5")).isTrue();
        } finally {
            jnet.resume();
        }
        // A call about the same container waits for the one before it.
        Eventually.holds("the next addition succeeds", JnetDaemon.UNASKED, () -> add.run(lab.host())
                .command()
                .succeeded());
        add.command("DEL").run(lab.host()).succeeded();
        lab.host().shell("ip netns delete c1");
        assertNothingIsLeft("the caller was gone");
    }

    /** Without a daemon the plugin is a process that is killed with the executable: whoever comes next finds what it left. */
    @Test
    void theExecutableIsKilledWhileItWorksAlone() {
        boolean deleted = false;
        int killed = 0;
        for (String seconds : List.of("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.8", "1", "1.3")) {
            deleted = !deleted;
            jnet.kill();
            lab.host().shell("ip netns add c1");
            CniCall add = call("ADD", "c1", PUBLISH.formatted(8088));
            killed += isKilled(add, seconds) ? 1 : 0;
            if (deleted) {
                add.command("DEL").run(lab.host()).succeeded();
            } else {
                lab.host().shell("ip netns delete c1");
            }
            jnet.startAgain();
            if (deleted) {
                lab.host().shell("ip netns delete c1");
            }
            assertNothingIsLeft("alone, killed after " + seconds + " s" + (deleted ? ", with DEL" : ""));
        }
        assertThat(killed).as("calls that were killed").isPositive();
        assertStays();
    }

    @Test
    void aRebootLeavesNoAttachment() {
        lab.host().shell("ip netns add c1; ip netns add c2");
        JsonNode first =
                call("ADD", "c1", PUBLISH.formatted(8088)).run(lab.host()).result();
        JsonNode second =
                call("ADD", "c2", PUBLISH.formatted(8089)).run(lab.host()).result();
        jnet.kill();
        lab.host().reboot();
        // The kernel of all machines is one, whose boot goes on: this one shall see another.
        lab.host()
                .shell("cat /proc/sys/kernel/random/uuid >/run/boot_id"
                        + " && mount --bind /run/boot_id /proc/sys/kernel/random/boot_id");
        jnet.startAgain();

        call("DEL", "c1", "").run(lab.host()).succeeded();
        call("DEL", "c2", "").withoutNamespace().run(lab.host()).succeeded();
        assertThat(jnet.json("endpoint", "ls")).isEmpty();
        lab.host().shell("ip netns add c3; ip netns add c4");
        assertThat(CniCrowd.address(call("ADD", "c3", AGAIN.formatted(CniCrowd.address(first), 8088))
                        .run(lab.host())
                        .result()))
                .isEqualTo(CniCrowd.address(first));
        call("ADD", "c4", AGAIN.formatted(CniCrowd.address(second), 8089))
                .run(lab.host())
                .result();
    }

    /** Nobody asks for the end of what was there before: nobody knows of it any more. */
    @Test
    void aRebootFreesWhatNobodyDeletes() {
        lab.host().shell("ip netns add c1");
        String address = CniCrowd.address(
                call("ADD", "c1", PUBLISH.formatted(8088)).run(lab.host()).result());
        jnet.kill();
        lab.host().reboot();
        jnet.startAgain();
        lab.host().shell("ip netns add c1");
        CniCall again = call("ADD", "c1", AGAIN.formatted(address, 8088));
        Eventually.holds("the address is free", JnetDaemon.UNASKED, () -> again.run(lab.host())
                .command()
                .succeeded());
    }

    @Test
    void interfacesOfOneContainerComeAndGoAlone() {
        call("DEL", "c1", "").run(lab.host()).succeeded();
        call("DEL", "c1", "").withoutNamespace().run(lab.host()).succeeded();
        assertThat(EngineDump.of(lab.host())).as("a DEL before the ADD").isEqualTo(engine);

        lab.host().shell("ip netns add c1");
        CniCall eth0 = call("ADD", "c1", PUBLISH.formatted(8088));
        CniCall eth1 = call("ADD", "c1", PUBLISH.formatted(8089)).with("CNI_IFNAME", "eth1");
        String first = CniCrowd.address(eth0.run(lab.host()).result());
        String second = CniCrowd.address(eth1.run(lab.host()).result());
        assertThat(second).isNotEqualTo(first);
        String both = EngineDump.of(lab.host());
        assertThat(eth1.run(lab.host()).error(100)).contains("already");
        assertThat(EngineDump.of(lab.host())).isEqualTo(both);

        eth0.command("DEL").run(lab.host()).succeeded();
        eth0.command("DEL").run(lab.host()).succeeded();
        assertThat(lab.host().shell("ip -n c1 -brief -4 address"))
                .contains(second)
                .doesNotContain(first);
        assertThat(EngineDump.of(lab.host())).contains(second).doesNotContain(first);
        eth1.command("DEL").withoutNamespace().run(lab.host()).succeeded();
        lab.host().shell("ip netns delete c1");
        assertNothingIsLeft("both interfaces");
        eth1.command("DEL").run(lab.host()).succeeded();
        assertStays();
    }

    private void remember() {
        host = HostDump.of(lab.host());
        engine = EngineDump.of(lab.host());
    }

    /** Whether the call did not come to its end in the time that it was given. */
    private boolean isKilled(CniCall call, String seconds) {
        return call.prefixed("timeout", "--signal=KILL", seconds)
                        .run(lab.host())
                        .command()
                        .exitStatus()
                != 0;
    }

    private void assertNothingIsLeft(String where) {
        assertThat(Eventually.settled(JnetDaemon.UNASKED, () -> difference(HostDump.of(lab.host())), String::isEmpty))
                .as(where)
                .isEmpty();
    }

    private String difference(HostDump now) {
        String engineNow = EngineDump.of(lab.host());
        return host.difference(now) + (engine.equals(engineNow) ? "" : "\n" + engine + " -> " + engineNow);
    }

    /** A GC that knows of no attachment, and a start of the daemon, change nothing. */
    private void assertStays() {
        call("GC", "", NO_ATTACHMENTS).run(lab.host()).succeeded();
        assertNothingIsLeft("a GC");
        jnet.stop();
        jnet.startAgain();
        assertNothingIsLeft("a start");
    }

    private static CniCall call(String command, String container, String keys) {
        return CniCall.of(command, container, CONFIGURATION.formatted(keys));
    }
}
