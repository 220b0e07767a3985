package io.jnet.testbed.system;

import static io.jnet.testbed.daemon.PluginCall.DUAL;
import static io.jnet.testbed.daemon.PluginCall.ENDPOINT;
import static io.jnet.testbed.daemon.PluginCall.JOIN;
import static io.jnet.testbed.daemon.PluginCall.PROGRAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.daemon.PluginCall;
import io.jnet.testbed.dump.EngineDump;
import io.jnet.testbed.dump.HostDump;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that is full, and a state that was damaged: what is there stays, and one line says what is wrong. */
@SystemTest
class StateSystemTest {
    private Lab lab;
    private JnetDaemon jnet;

    @BeforeEach
    void open() {
        lab = Lab.open();
        lab.host().shell("mkdir -p /var/lib/jnet && mount -t tmpfs -o size=512k,mode=700 none /var/lib/jnet");
        jnet = JnetDaemon.start(lab.host());
        List.of(DUAL, ENDPOINT, JOIN, PROGRAM).forEach(this::succeed);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void aFullDiskRefusesWhatIsNewAndLosesNothing() {
        lab.host().run("dd", "if=/dev/zero", "of=/var/lib/jnet/fill", "bs=1k");
        // The file has free pages.
        int last = 0;
        while (last < 100 && !PluginCall.isError(network(last).make(jnet))) {
            last++;
        }
        PluginCall refused = network(last);
        HostDump host = HostDump.of(lab.host());
        String engine = EngineDump.of(lab.host());
        for (int i = 0; i < 5; i++) {
            assertThat(refused.make(jnet).output())
                    .contains("cannot write state in /var/lib/jnet: No space left on device")
                    .doesNotContain("\n");
        }
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();
        assertThat(EngineDump.of(lab.host())).isEqualTo(engine);

        // A daemon that starts without space has what was there.
        jnet.kill();
        jnet.startAgain();
        assertThat(EngineDump.of(lab.host())).isEqualTo(engine);

        lab.host().shell("rm /var/lib/jnet/fill");
        succeed(refused);
        succeed(refused.back());
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();
    }

    private static PluginCall network(int number) {
        return PluginCall.of(
                "NetworkDriver.CreateNetwork",
                "NetworkDriver.DeleteNetwork",
                "'NetworkID':'%011d%053d','Options':{},'IPv4Data':[{'Gateway':'10.50.%d.1/24','Pool':'10.50.%d.0/24'}],'IPv6Data':[]"
                        .formatted(number + 1, 0, number, number));
    }

    @Test
    void aDamagedStateIsRefusedAndNothingIsRemoved() {
        String engine = EngineDump.of(lab.host());
        jnet.stop();
        HostDump host = HostDump.of(lab.host());
        lab.host()
                .shell("cp /var/lib/jnet/state.lmdb /var/lib/jnet/copy && truncate -s 20480 /var/lib/jnet/state.lmdb");

        assertThat(jnet.tryToStart()).isFalse();
        assertThat(jnet.log().strip())
                .startsWith("jnet: the state in /var/lib/jnet/state.lmdb is damaged: page ")
                .endsWith("put a copy of it back, or move it away to start without networks")
                .doesNotContain("\n");
        assertThat(host.difference(HostDump.of(lab.host())))
                .as("containers go on")
                .isEmpty();

        lab.host().shell("mv /var/lib/jnet/copy /var/lib/jnet/state.lmdb");
        jnet.startAgain();
        assertThat(EngineDump.of(lab.host())).isEqualTo(engine);
    }

    @Test
    void theStateIsPrintedWithADaemonAndWithoutOne() {
        String asked = export(0);
        assertThat(asked)
                .contains("\"network\" : {", "\"endpoint\" : {", "\"setting\" : {")
                .endsWith("}\n");
        assertThat(export(0)).isEqualTo(asked);
        assertThat(jnet.run("state", "export", "--state-dir", "/var/lib/jnet").everything())
                .as("a daemon has it open")
                .contains("jnet: a jnet daemon has the state in /var/lib/jnet open: ask it");

        jnet.stop();
        HostDump host = HostDump.of(lab.host());
        String folder = folder();
        assertThat(export(0)).isEqualTo(asked);
        assertThat(export(0, "--state-dir", "/var/lib/jnet")).isEqualTo(asked);
        assertThat(folder()).isEqualTo(folder);
        lab.host().shell("mount -o remount,ro /var/lib/jnet");
        assertThat(export(0)).as("from what nobody can write to").isEqualTo(asked);
        lab.host().shell("mount -o remount,rw /var/lib/jnet");
        assertThat(host.difference(HostDump.of(lab.host()))).isEmpty();

        assertThat(jnet.run("state", "export").everything()).isEqualTo(asked);
        assertThat(lab.host()
                        .shell("! %s state export 2>&1 >/dev/full"
                                .formatted(JnetDaemon.distribution().resolve("bin/jnet"))))
                .as("a copy that is not complete is none")
                .isEqualTo("jnet: cannot write its output: No space left on device\n");

        lab.host().shell("truncate -s 20480 /var/lib/jnet/state.lmdb");
        assertThat(export(1))
                .startsWith("jnet: the state in /var/lib/jnet/state.lmdb is damaged: page ")
                .hasLineCount(1);
        lab.host().shell("rm -r /var/lib/jnet/*");
        assertThat(export(1)).isEqualTo("jnet: there is no state in /var/lib/jnet\n");
        assertThat(lab.host().shell("ls -A /var/lib/jnet")).isEmpty();
    }

    private String export(int status, String... options) {
        List<String> arguments = new ArrayList<>(List.of("state", "export"));
        arguments.addAll(List.of(options));
        CommandResult result = jnet.run(arguments.toArray(String[]::new));
        assertThat(result.exitStatus()).as(result.everything()).isEqualTo(status);
        return result.everything();
    }

    /** Names, times and contents. */
    private String folder() {
        return lab.host().shell("cd /var/lib/jnet && find . -printf '%p %s %T@ %C@\\n' | sort && sha256sum *");
    }

    private void succeed(PluginCall call) {
        CommandResult answer = call.make(jnet);
        assertThat(PluginCall.isError(answer)).as(answer.everything()).isFalse();
    }
}
