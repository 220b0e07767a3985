package io.jnet.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.daemon.client.DaemonSays;
import io.jnet.daemon.client.DaemonSays.Reach;
import io.jnet.daemon.control.StatusView;
import io.jnet.daemon.livinghost.LivingHost;
import io.jnet.engine.endpoint.EndpointId;
import io.jnet.engine.endpoint.EndpointSpec;
import io.jnet.engine.network.NetworkId;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.socket.PortReservation;
import io.jnet.netlink.socket.TransportProtocol;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each finding, provoked on a host of which nothing is said before and, where commands mend it, after they were run. A daemon would mend some of it
 * by itself, so it is asked first and ended then.
 */
@KernelTest
class DoctorKernelTest {
    private static final String WEB =
            "\"isDefaultGateway\": true, \"ipMasq\": true, \"ipam\": {\"type\": \"jnet\", \"ranges\": [[{\"subnet\": \"10.77.0.0/24\"}], [{\"subnet\": \"fd00:77::/64\"}]]}";

    @TempDir
    private Path folder;

    private LivingHost host;
    private DaemonSays says;
    private String bridge;

    @BeforeEach
    void start() {
        host = LivingHost.start(folder);
        host.attach("web", WEB, "c1", "{\"hostPort\": 8080, \"containerPort\": 80, \"protocol\": \"tcp\"}");
        bridge = host.backend().engine().network("web").bridge().value();
        says = DaemonSays.ask(host.socket());
        assertThat(look()).isEmpty();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void noDaemon() {
        host.stopDaemon();
        says = DaemonSays.ask(host.socket());
        assertThat(ids()).containsExactly("daemon-absent");
        assertThat(look().get(0).what()).contains(host.socket().toString());
    }

    @Test
    void aDaemonThatGivesNoAnswer() {
        says = DaemonSays.without(Reach.FORBIDDEN, "no permission");
        assertThat(ids()).containsExactly("daemon-refuses");
        says = DaemonSays.without(Reach.FAILS, "internal error");
        assertThat(ids()).containsExactly("daemon-refuses");
    }

    @Test
    void anOldKernel() {
        assertThat(ids(Map.of("kernel/osrelease", "5.10.0-32-amd64"))).containsExactly("kernel-old");
        assertThat(ids(Map.of("kernel/osrelease", "6.1.0-50-amd64"))).isEmpty();
        assertThat(ids(Map.of("kernel/osrelease", "10.0"))).isEmpty();
    }

    @Test
    void flushedRules() {
        host.stopDaemon();
        Commands.run("nft", "flush", "ruleset");
        assertThat(ids()).containsExactly("rules-missing");
    }

    @Test
    void aBridgeThatIsDownOrGone() {
        host.stopDaemon();
        Commands.run("ip", "link", "set", bridge, "down");
        mend("bridge-down");
        Commands.run("ip", "link", "delete", bridge);
        assertThat(ids()).containsExactly("bridge-down");
    }

    @Test
    void forwardingOfAnInterface() {
        host.stopDaemon();
        sysctl("net.ipv4.conf.up0.forwarding=0");
        assertThat(mend("forwarding-off").what()).contains("up0");
        sysctl("net.ipv4.conf." + bridge + ".forwarding=0");
        mend("forwarding-off");
        sysctl("net.ipv6.conf." + bridge + ".force_forwarding=0");
        assertThat(mend("forwarding-off").what()).contains("IPv6");
    }

    @Test
    void forwardChainsThatDrop() {
        host.stopDaemon();
        Commands.run(
                "nft",
                "add table inet filter; add chain inet filter forward { type filter hook forward priority filter; policy drop; }");
        assertThat(mend("forward-drop").what()).contains("table inet filter, chain forward");
        Commands.run(
                "nft",
                "add table ip early; add chain ip early forward { type filter hook forward priority -50; policy drop; }");
        mend("forward-drop");
    }

    @Test
    void iptablesForward() {
        host.stopDaemon();
        Commands.run("iptables", "-P", "FORWARD", "DROP");
        assertThat(mend("iptables-forward-drop").what()).contains("iptables");
    }

    @Test
    void bridgeNetfilter() {
        sysctl("net.bridge.bridge-nf-call-iptables=1");
        mend("bridge-netfilter");
    }

    @Test
    void firewalldThatWasLoadedAgain() {
        host.stopDaemon();
        Commands.run(
                "nft",
                "add table inet firewalld; add chain inet firewalld f { type filter hook forward priority filter + 10; }; add chain inet firewalld zones");
        assertThat(ids()).containsExactly("firewalld-zone");
        Commands.run("nft", "add rule inet firewalld zones iifname \"jbr-none*\" accept");
        assertThat(ids()).containsExactly("firewalld-zone");
        for (String beginning : List.of("jbr-", "jb", bridge.substring(0, 14))) {
            Commands.run("nft", "add rule inet firewalld zones iifname \"" + beginning + "*\" accept");
            assertThat(ids()).as(beginning).isEmpty();
            Commands.run("nft", "flush", "chain", "inet", "firewalld", "zones");
        }
        assertThat(ids()).containsExactly("firewalld-zone");
        Commands.run("nft", "add rule inet firewalld zones iifname \"" + bridge + "\" accept");
        assertThat(ids()).isEmpty();
    }

    @Test
    void routesThatCameLater() {
        Commands.run("ip", "route", "add", "10.77.0.128/25", "via", LivingHost.OUTSIDE);
        Finding taken = only("subnet-taken");
        assertThat(taken.what()).contains("10.77.0.128/25 dev up0", "network web");
        Commands.run("sh", "-c", taken.mend().get(0));
        assertThat(ids()).isEmpty();
        Commands.run("ip", "route", "add", "10.0.0.0/8", "via", LivingHost.OUTSIDE);
        assertThat(only("subnet-hides").severity()).isEqualTo("warning");
        Commands.run("ip", "route", "del", "10.0.0.0/8");
        // A network card with the same subnet: NetworkManager gives its routes a metric.
        Commands.run("ip", "route", "add", "10.77.0.0/24", "dev", "up0", "metric", "100");
        assertThat(only("subnet-hides").what()).contains("10.77.0.0/24 dev up0 metric 100");
        Commands.run("ip", "route", "del", "10.77.0.0/24", "dev", "up0", "metric", "100");
        for (String half : List.of("0.0.0.0/1", "128.0.0.0/1")) {
            Commands.run("ip", "route", "add", half, "via", LivingHost.OUTSIDE);
        }
        assertThat(ids()).as("a default route in two parts").isEmpty();
    }

    @Test
    void routesOfIpv6ThatCameLater() {
        Commands.run("ip", "route", "add", "fd00:77::8000:0:0:0/65", "dev", "up0");
        Finding taken = only("subnet-taken");
        assertThat(taken.what()).contains("fd00:77:0:0:8000::/65 dev up0");
        Commands.run("sh", "-c", taken.mend().get(0));
        assertThat(ids()).isEmpty();
        Commands.run("ip", "route", "add", "fd00:77::/32", "dev", "up0");
        assertThat(only("subnet-hides").what()).contains("fd00:77::/32 dev up0");
    }

    @Test
    void aTableThatARuleLeadsToFirst() {
        Commands.run("ip", "route", "add", "10.0.0.0/8", "dev", "up0", "table", "52");
        Commands.run("ip", "rule", "add", "lookup", "52", "priority", "5270");
        Finding taken = only("subnet-taken");
        assertThat(taken.what()).contains("10.0.0.0/8 dev up0 table 52", "subnet 10.77.0.0/24");
        Commands.run("ip", "route", "replace", "default", "dev", "up0", "table", "52");
        Commands.run("ip", "route", "del", "10.0.0.0/8", "dev", "up0", "table", "52");
        assertThat(only("subnet-taken").what()).contains("the route default dev up0 table 52");
        Commands.run("sh", "-c", taken.mend().get(0));
        assertThat(ids()).isEmpty();
        Commands.run("ip", "rule", "del", "priority", "100");
        Commands.run("ip", "rule", "del", "priority", "5270");
        Commands.run("ip", "route", "flush", "table", "52");
    }

    @Test
    void anUplinkThatTakesLess() {
        Commands.run("ip", "link", "set", "up0", "mtu", "1400");
        assertThat(only("mtu-too-large").what()).contains("1500", "1400", "up0");
    }

    @Test
    void strictReversePaths() {
        sysctl("net.ipv4.conf.all.rp_filter=0");
        host.stopDaemon();
        sysctl("net.ipv4.conf." + bridge + ".rp_filter=1");
        mend("rp-filter-strict");
        Commands.run("ip", "link", "add", "up1", "type", "veth", "peer", "name", "up2");
        Commands.run("ip", "link", "set", "up1", "up");
        Commands.run("ip", "link", "set", "up2", "up");
        Commands.run("ip", "address", "add", "203.0.113.10/24", "dev", "up1");
        sysctl("net.ipv4.conf.up1.rp_filter=1");
        sysctl("net.ipv4.conf.up1.forwarding=1");
        assertThat(ids()).isEmpty();
        Commands.run("ip", "route", "add", "default", "via", "203.0.113.1", "metric", "100");
        assertThat(mend("rp-filter-strict").what()).contains("up1");
    }

    @Test
    void fullTables() {
        Commands.run("ip", "neigh", "add", "198.51.100.7", "lladdr", "02:00:00:00:00:07", "dev", "up0", "nud", "stale");
        assertThat(ids(Map.of("net/ipv4/neigh/default/gc_thresh3", "1"))).containsExactly("neighbour-table-full");
        assertThat(ids(Map.of("net/ipv4/neigh/default/gc_thresh3", "1024"))).isEmpty();
        assertThat(ids(Map.of("net/netfilter/nf_conntrack_count", "800", "net/netfilter/nf_conntrack_max", "1000")))
                .containsExactly("conntrack-table-full");
        assertThat(ids(Map.of("net/netfilter/nf_conntrack_count", "799", "net/netfilter/nf_conntrack_max", "1000")))
                .isEmpty();
    }

    @Test
    void leftovers() {
        Commands.run("ip", "link", "add", "jv0123456789abc", "type", "veth", "peer", "name", "x0");
        assertThat(mend("leftover-link").what()).contains("jv0123456789abc");

        host.stopDaemon();
        Commands.run("iptables", "-N", "JNET-FORWARD");
        says = new DaemonSays(Reach.ANSWERS, "", says.status(), List.of(), List.of());
        assertThat(ids()).containsExactly("leftover-link", "leftover-rules");
        Commands.run("iptables", "-A", "FORWARD", "-j", "JNET-FORWARD");
        look().forEach(finding -> finding.mend().forEach(command -> Commands.run("sh", "-c", command)));
        assertThat(ids()).isEmpty();
    }

    @Test
    void anEndpointWithoutAContainer() {
        NetworkId network = host.backend().engine().network("web").id();
        EndpointId id = new EndpointId("4f".repeat(32));
        host.backend()
                .engine()
                .createEndpoint(
                        new EndpointSpec(network, id, List.of(IpPrefix.parse("10.77.0.77/24")), Optional.empty()));
        says = DaemonSays.ask(host.socket());
        assertThat(only("forgotten").mend()).containsExactly("jnet prune --dry-run");
        host.backend().engine().deleteEndpoint(network, id);
        says = DaemonSays.ask(host.socket());
        assertThat(ids()).isEmpty();
    }

    /** Between the daemon's answer and the look at the links. */
    @Test
    void aContainerThatComesMeanwhileIsNoLeftover() {
        try (HostView view = HostView.open(() -> {
            DaemonSays before = DaemonSays.ask(host.socket());
            host.attach("web", WEB, "c2", "");
            return before;
        })) {
            assertThat(ids(Checks.run(view))).isEmpty();
        }
    }

    @Test
    void aStateThatIsAnother() {
        String instance = says.status().map(StatusView::instance).orElseThrow();
        host.stopDaemon();
        host.startDaemon(folder.resolve("other"));
        says = DaemonSays.ask(host.socket());
        assertThat(only("stands-still").mend()).contains("jnet adopt").anyMatch(line -> line.endsWith(instance));
    }

    @Test
    void aPortThatAnotherProcessTook() {
        host.stopDaemon();
        try (PortReservation other =
                PortReservation.bind(TransportProtocol.TCP, IpAddress.parse("198.51.100.10"), 8080)) {
            host.startDaemon(folder.resolve("state"));
            says = DaemonSays.ask(host.socket());
            assertThat(only("port-taken").what()).contains("port " + other.port() + "/tcp");
        }
    }

    @Test
    void whatTheDaemonHasToSay() {
        StatusView status = says.status().orElseThrow();
        says = withNotes(status, List.of("somebody has removed link jv1"));
        assertThat(only("daemon-note").what()).isEqualTo("somebody has removed link jv1");
        says = withNotes(status, List.of("bridges are in no zone of firewalld: no answer"));
        assertThat(ids()).isEmpty();
    }

    /** The opposite of a daemon that tells: networks are known by their bridges' marks then. */
    @Test
    void withoutADaemonTheSameIsFound() {
        host.stopDaemon();
        says = DaemonSays.ask(host.socket());
        Commands.run("ip", "route", "add", "10.77.0.128/25", "via", LivingHost.OUTSIDE);
        sysctl("net.ipv4.conf.up0.forwarding=0");
        assertThat(ids()).containsExactly("daemon-absent", "forwarding-off", "subnet-taken");
    }

    private DaemonSays withNotes(StatusView status, List<String> notes) {
        StatusView noted = new StatusView(
                status.version(),
                status.pid(),
                status.java(),
                status.instance(),
                status.stateDirectory(),
                status.started(),
                status.networks(),
                status.endpoints(),
                status.unjoined(),
                status.publishedPorts(),
                status.clashes(),
                status.hostChanges(),
                status.unrecorded(),
                status.mended(),
                notes);
        return new DaemonSays(Reach.ANSWERS, "", Optional.of(noted), says.networks(), says.endpoints());
    }

    /** Runs what mends the one finding that there is, after which there is none. */
    private Finding mend(String id) {
        Finding finding = only(id);
        finding.mend().forEach(command -> Commands.run("sh", "-c", command));
        assertThat(ids()).as("after %s", finding.mend()).isEmpty();
        return finding;
    }

    private Finding only(String id) {
        List<Finding> findings = look();
        assertThat(findings).extracting(Finding::id).containsExactly(id);
        return findings.get(0);
    }

    private static void sysctl(String assignment) {
        Commands.run("sysctl", "-q", "-w", assignment);
    }

    private Set<String> ids() {
        return ids(look());
    }

    private Set<String> ids(Map<String, String> settings) {
        try (HostView view = HostView.open(() -> says, key -> Optional.ofNullable(settings.get(key)))) {
            return ids(Checks.run(view));
        }
    }

    private static Set<String> ids(List<Finding> findings) {
        return new TreeSet<>(findings.stream().map(Finding::id).toList());
    }

    private List<Finding> look() {
        try (HostView view = HostView.open(() -> says)) {
            return Checks.run(view);
        }
    }
}
