package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.daemon.JnetDaemon;
import io.jnet.testbed.machine.CommandResult;
import io.jnet.testbed.machine.Lab;
import io.jnet.testbed.machine.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The distribution becomes a part of a host below a folder, as for a package; and stays as long as that host has networks. */
@SystemTest
class InstallSystemTest {
    private static final String ROOT = "/run/image";
    private static final String NETWORK =
            "{\"NetworkID\":\"0762ab98ef01aa\",\"Options\":{},\"IPv4Data\":[{\"AddressSpace\":\"x\",\"Gateway\":\"10.77.0.1/24\",\"Pool\":\"10.77.0.0/24\"}],\"IPv6Data\":[]}";
    private static final String POOL =
            "{\"AddressSpace\":\"jnet-local\",\"Pool\":\"10.88.0.0/24\",\"SubPool\":\"\",\"Options\":{},\"V6\":false}";

    private static Lab lab;
    private static Machine host;

    @BeforeAll
    static void boot() {
        lab = Lab.open();
        host = lab.host();
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void itRunsFromThereAndIsUninstalledWhenNothingUsesIt() {
        String launcher = JnetDaemon.distribution().resolve("bin/jnet").toString();
        host.shell("mkdir " + ROOT);
        assertThat(host.run(launcher, "install", "--root", ROOT).orThrow().output())
                .contains("installed " + ROOT + "/usr/lib/jnet, ", "installed " + ROOT + "/etc/jnet/jnet.conf");
        assertThat(host.run(launcher, "install", "--root", ROOT).orThrow().output())
                .isEmpty();
        String installed = ROOT + "/usr/bin/jnet";
        assertThat(host.run(installed, "--version").orThrow().output()).startsWith("jnet ");
        assertThat(host.shell("find " + ROOT + " -perm /022 ! -type l")).isEmpty();

        makeState("/NetworkDriver.CreateNetwork", NETWORK);
        assertRefused(host.run(installed, "uninstall", "--check", "--root", ROOT), "0762ab98ef01", "docker network rm");
        assertRefused(host.run(installed, "uninstall", "--root", ROOT), "0762ab98ef01", "docker network rm");
        assertThat(host.run(installed, "--version").succeeded()).isTrue();
        host.shell("rm -r " + ROOT + "/var/lib/jnet");
        makeState("/IpamDriver.RequestPool", POOL);
        assertRefused(host.run(installed, "uninstall", "--root", ROOT), "10.88.0.0/24", "jnet ipam pools");
        host.shell("rm -r " + ROOT + "/var/lib/jnet/*");

        assertThat(host.run(installed, "uninstall", "--root", ROOT).orThrow().output())
                .contains(
                        "removed " + ROOT + "/usr/lib/jnet, ",
                        "removed " + ROOT + "/usr/lib/systemd/system/jnet.service");
        assertThat(host.shell("find " + ROOT + " -type f -o -type l")).isEmpty();
        assertThat(host.run(launcher, "uninstall", "--root", ROOT, "--json")
                        .orThrow()
                        .text())
                .isEqualTo("{\"done\":[\"nothing that jnet install has installed is there\"]}");
    }

    @Test
    void whatCannotBeInstalledIsRefusedInOneLine() {
        String launcher = JnetDaemon.distribution().resolve("bin/jnet").toString();
        assertRefused(host.run(launcher, "install", "--root", "/run/nowhere"), "no folder /run/nowhere");
        host.shell("mkdir -p /run/readonly && mount -t tmpfs -o ro tmpfs /run/readonly");
        assertRefused(host.run(launcher, "install", "--root", "/run/readonly"), "/run/readonly/usr", "Read-only");
        host.shell("mkdir -p /run/packaged/var/lib/dpkg/info && touch /run/packaged/var/lib/dpkg/info/jnet.prerm");
        assertRefused(host.run(launcher, "uninstall", "--root", "/run/packaged"), "installed by a package");
    }

    /** Has a daemon answer one call, and puts its state below the root. */
    private static void makeState(String call, String body) {
        JnetDaemon jnet = JnetDaemon.start(host);
        assertThat(jnet.post(call, body).orThrow().output()).doesNotContain("Err");
        jnet.stop();
        host.shell(
                "mkdir -p " + ROOT + "/var/lib && cp -a /var/lib/jnet " + ROOT + "/var/lib/ && rm -r /var/lib/jnet/*");
        // Links and rules of a state that is elsewhere now.
        host.shell(
                "nft flush ruleset; ip -o link show type bridge | grep -o 'jbr-[0-9a-f]*' | sort -u | xargs -r -n 1 ip link delete");
    }

    private static void assertRefused(CommandResult result, String... parts) {
        assertThat(result.exitStatus()).as(result.everything()).isEqualTo(1);
        assertThat(result.errors().strip().lines()).hasSize(1);
        assertThat(result.errors()).contains(parts);
    }
}
