package io.jnet.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.testbed.difference.CniCase;
import io.jnet.testbed.difference.CniHost;
import io.jnet.testbed.difference.Difference;
import io.jnet.testbed.difference.JnetHost;
import io.jnet.testbed.difference.KnownDifferences;
import io.jnet.testbed.difference.Reach;
import io.jnet.testbed.difference.ReferenceHost;
import io.jnet.testbed.difference.Trial;
import io.jnet.testbed.difference.Values;
import io.jnet.testbed.machine.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference plugins in a chain on one host, jnet on an equal one, and the same configuration, {@code CNI_ARGS} and
 * {@code runtimeConfig} for both. What is different stands in {@code docs/cni-differences.md}, and what stands there is different.
 */
@SystemTest
class CniDifferencesSystemTest {
    private static final KnownDifferences KNOWN = KnownDifferences.in(Path.of("../docs/cni-differences.md"));
    private static final Map<CniCase, List<Difference>> SEEN = new LinkedHashMap<>();
    private static final boolean FORWARDS_BY_INTERFACE =
            Files.exists(Path.of("/proc/sys/net/ipv6/conf/all/force_forwarding"));
    private static final int TRIALS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Deque<Lab> LABS = new ArrayDeque<>();

    private static final String V4 = "10.88.0.0/24";
    private static final String V6 = "fd88::/64";
    private static final String BOTH = "{hostPort: 8080, containerPort: 80, protocol: 'tcp'%1$s},"
            + " {hostPort: 8053, containerPort: 53, protocol: 'udp'%1$s}";

    /** What the bridge plugin is told, what its address management, and what else. */
    static Stream<CniCase> cases() {
        return Stream.of(
                CniCase.of("plain", "isGateway: true, ipMasq: true").subnets(V4).reached(),
                CniCase.of("default gateway", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4),
                CniCase.of("dual stack", "isDefaultGateway: true, ipMasq: true").subnets(V4, V6),
                CniCase.of("no gateway", "").subnets(V4).reached(),
                CniCase.of("bridge without a name", "isGateway: true")
                        .withoutBridgeName()
                        .subnets(V4),
                CniCase.of("routes", "isGateway: true, ipMasq: true")
                        .subnets(V4)
                        .ipam("routes: [{dst: '0.0.0.0/0'}, {dst: '192.0.2.0/24', gw: '10.88.0.7'}]"),
                CniCase.of("MTU", "isGateway: true, mtu: 1400").subnets(V4),
                CniCase.of("hairpin mode", "isDefaultGateway: true, ipMasq: true, hairpinMode: true")
                        .subnets(V4)
                        .published(BOTH.formatted(""))
                        .reached(),
                CniCase.of("published", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4)
                        .published(BOTH.formatted(""))
                        .reached(),
                CniCase.of("published without masquerade", "isDefaultGateway: true")
                        .subnets(V4)
                        .published(BOTH.formatted(""))
                        .reached(),
                CniCase.of("published on one address", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4)
                        .published(BOTH.formatted(", hostIP: '" + Lab.HOST_ADDRESS + "'"))
                        .reached(),
                CniCase.of("published, dual stack", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4, V6)
                        .published(BOTH.formatted(""))
                        .reached(),
                CniCase.of("MAC address by capability", "isGateway: true, capabilities: {mac: true}")
                        .subnets(V4)
                        .runtime("mac: '02:11:22:33:44:55'"),
                CniCase.of("MAC address by arguments", "isGateway: true")
                        .subnets(V4)
                        .arguments("IgnoreUnknown=1;MAC=02:11:22:33:44:55"),
                CniCase.of("address by capability", "isGateway: true, capabilities: {ips: true}")
                        .subnets(V4)
                        .runtime("ips: ['10.88.0.99']"),
                CniCase.of("address by arguments", "isGateway: true")
                        .subnets(V4)
                        .arguments("IgnoreUnknown=1;IP=10.88.0.99"),
                CniCase.of("range by capability", "isGateway: true, capabilities: {ipRanges: true}")
                        .runtime("ipRanges: [[{subnet: '10.88.0.0/24', rangeStart: '10.88.0.50'}]]"),
                CniCase.of("another gateway", "isGateway: true")
                        .ipam(
                                "subnet: '10.88.0.0/24', gateway: '10.88.0.254', rangeStart: '10.88.0.10', rangeEnd: '10.88.0.20'"),
                CniCase.of(
                                "DNS",
                                "isGateway: true, dns: {nameservers: ['192.0.2.53'], domain: 'example.org',"
                                        + " search: ['example.org', 'example.net'], options: ['ndots:2']}")
                        .subnets(V4),
                CniCase.of("duplicate address detection", "isDefaultGateway: true, enabledad: true")
                        .subnets(V4, V6),
                CniCase.of("firewall, open", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4)
                        .published(BOTH.formatted(""))
                        .chained("firewall", "ingressPolicy: 'open'")
                        .reached(),
                CniCase.of("firewall, same bridge", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4)
                        .published(BOTH.formatted(""))
                        .chained("firewall", "ingressPolicy: 'same-bridge'")
                        .reached(),
                CniCase.of("addresses of host-local", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4, V6)
                        .ipam("routes: [{dst: '192.0.2.0/24', gw: '10.88.0.7'}]")
                        .addressesFrom("host-local"),
                CniCase.of("IPv6 only, published", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V6)
                        .published(BOTH.formatted("")),
                CniCase.of("published on an IPv6 address and on loopback", "isDefaultGateway: true, ipMasq: true")
                        .subnets(V4, V6)
                        .published("{hostPort: 8080, containerPort: 80, protocol: 'tcp', hostIP: '2001:db8::10'},"
                                + " {HostPort: 8053, ContainerPort: 53, Protocol: 'udp', HostIP: '127.0.0.1'}")
                        .reached(),
                CniCase.of(
                                "DNS by capability",
                                "isGateway: true, capabilities: {dns: true}, dns: {nameservers: ['192.0.2.53']}")
                        .subnets(V4)
                        .runtime("dns: {servers: ['192.0.2.54'], searches: ['example.org']}"),
                CniCase.of("a default route of its own", "isDefaultGateway: true")
                        .subnets(V4, V6)
                        .ipam("routes: [{dst: '0.0.0.0/0', gw: '10.88.0.7'}, {dst: 'fd99::/64', gw: 'fd88::7'}]"),
                CniCase.of("addresses of both families by capability", "isGateway: true, capabilities: {ips: true}")
                        .subnets(V4, V6)
                        .runtime("ips: ['10.88.0.99/24', 'fd88::99']"),
                CniCase.of("address by metadata", "isGateway: true, args: {cni: {ips: ['10.88.0.98']}}")
                        .subnets(V4),
                CniCase.of("two ranges in a set", "isDefaultGateway: true")
                        .ipam("ranges: [[{subnet: '10.88.0.0/25', rangeStart: '10.88.0.1', rangeEnd: '10.88.0.1'},"
                                + " {subnet: '10.88.0.128/25'}]]"),
                CniCase.of("two addresses of a family", "")
                        .ipam(
                                "ranges: [[{subnet: '10.88.0.0/25'}], [{subnet: '10.88.0.128/25'}], [{subnet: 'fd88::/64'}]]")
                        .published(BOTH.formatted("")),
                CniCase.of("DNS of a file", "isGateway: true").subnets(V4).ipam("resolvConf: '/etc/resolv.conf'"),
                CniCase.of("promiscuous bridge", "isGateway: true, promiscMode: true")
                        .subnets(V4),
                CniCase.of("no forged MAC addresses", "isDefaultGateway: true, macspoofchk: true")
                        .subnets(V4)
                        .reached(),
                CniCase.of("tuning", "isGateway: true")
                        .subnets(V4)
                        .chained(
                                "tuning",
                                "promisc: true, allmulti: true, sysctl: {'net.core.somaxconn': '500',"
                                        + " 'net.ipv4.conf.IFNAME.log_martians': '1'}"),
                CniCase.of("MAC address and MTU by tuning", "isGateway: true")
                        .subnets(V4)
                        .chained("tuning", "mac: '02:11:22:33:44:66', mtu: 1400"),
                CniCase.of("bandwidth", "isGateway: true")
                        .subnets(V4)
                        .chained("bandwidth", "capabilities: {bandwidth: true}")
                        .runtime("bandwidth: {ingressRate: 8000000, ingressBurst: 1600000, egressRate: 16000000,"
                                + " egressBurst: 1600000}"),
                CniCase.of("no addresses", "").addressesFrom(""),
                CniCase.of("version 0.1.0", "isDefaultGateway: true")
                        .subnets(V4, V6)
                        .version("0.1.0"),
                CniCase.of("version 0.2.0", "isDefaultGateway: true")
                        .subnets(V4, V6)
                        .version("0.2.0"),
                CniCase.of("version 0.3.1", "isDefaultGateway: true")
                        .subnets(V4, V6)
                        .version("0.3.1"),
                CniCase.of("version 0.4.0", "isDefaultGateway: true")
                        .subnets(V4, V6)
                        .version("0.4.0"));
    }

    /**
     * What takes long on a busy machine is asked for again, with more patience: where something is different that should not be, and everywhere while
     * something is not different that should be.
     */
    @BeforeAll
    static void tryAllCases() {
        CniHost reference = new ReferenceHost(lab());
        CniHost jnet = new JnetHost(lab());
        cases().forEach(given -> SEEN.put(given, differences(given, reference, jnet, PATIENCE)));
        for (int more = 1; more < TRIALS; more++) {
            Duration patience = PATIENCE.multipliedBy(5L * more);
            cases().filter(CniCase::everywhere)
                    .filter(given -> !unknown(SEEN.get(given)).isEmpty() || !unseen().isEmpty())
                    .forEach(given -> SEEN.put(given, differences(given, reference, jnet, patience)));
        }
    }

    /** Both hosts do the same at the same time. */
    private static List<Difference> differences(CniCase given, CniHost reference, CniHost jnet, Duration patience) {
        CompletableFuture<Values> expected = CompletableFuture.supplyAsync(
                () -> Trial.run(given, reference, patience), task -> new Thread(task, "reference").start());
        Values actual = Trial.run(given, jnet, patience);
        return Values.differences(expected.join(), actual);
    }

    private static Lab lab() {
        Lab lab = Lab.open();
        LABS.push(lab);
        Reach.prepare(lab);
        return lab;
    }

    @AfterAll
    static void close() {
        LABS.forEach(Lab::close);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsDifferentIsDocumented(CniCase given) {
        assertThat(unknown(SEEN.get(given))).isEmpty();
    }

    @Test
    void whatIsDocumentedIsDifferent() {
        assertThat(unseen()).isEmpty();
    }

    private static List<KnownDifferences.Row> unseen() {
        List<Difference> all = SEEN.values().stream().flatMap(List::stream).toList();
        return KNOWN.unseen(all).stream()
                .filter(row -> !isAboutOlderKernels(row.key()))
                .toList();
    }

    private static List<Difference> unknown(List<Difference> differences) {
        return KNOWN.unknown(differences).stream()
                .filter(difference -> !isAboutOlderKernels(difference.key()))
                .toList();
    }

    /** Before Linux 6.17 jnet makes IPv6 forward in another way (docs/decisions/0005), and this is not that kernel's document. */
    private static boolean isAboutOlderKernels(String key) {
        return !FORWARDS_BY_INTERFACE
                && (key.startsWith("host.sysctl net.ipv6.") || key.startsWith("host.route6[anycast"));
    }
}
