package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jnet.engine.failure.EngineException;
import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.AddressFamily;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.link.MacAddress;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KernelTest
class NftFirewallKernelTest {
    private static final Pattern RULE = Pattern.compile("\\{\"rule\": .*?\"chain\": \"([^\"]*)\"");

    private static final String OWNER = "jnet instance 0123";
    private static final NetworkRules OPEN = new NetworkRules(
            new InterfaceName("jbr-open"),
            List.of(IpPrefix.parse("10.77.0.0/24"), IpPrefix.parse("10.79.0.0/25"), IpPrefix.parse("fd00:77::/64")),
            List.of(IpAddress.parse("10.77.0.1"), IpAddress.parse("fd00:77::1")),
            EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER));
    private static final NetworkRules CLOSED = new NetworkRules(
            new InterfaceName("jbr-closed"),
            List.of(IpPrefix.parse("10.78.0.0/24")),
            List.of(IpAddress.parse("10.78.0.1")),
            EnumSet.of(NetworkFlag.INTERNAL));
    private static final List<Publication> PUBLICATIONS = List.of(
            publication("0.0.0.0", 8080, 8080, "10.77.0.2", 80),
            publication("198.51.100.1", 8081, 8081, "10.77.0.2", 81),
            publication("0.0.0.0", 20000, 29999, "10.77.0.3", 20000),
            publication("198.51.100.1", 30000, 30010, "10.77.0.3", 30000),
            publication("::", 8080, 8080, "fd00:77::2", 80),
            publication("2001:db8::1", 8081, 8081, "fd00:77::2", 81),
            publication("::", 20000, 29999, "fd00:77::3", 20000),
            publication("2001:db8::1", 30000, 30010, "fd00:77::3", 30000));
    private static final Surroundings UPLINKS = new Surroundings(
            Set.of(new InterfaceName("br0")),
            Map.of(
                    AddressFamily.INET,
                    new ForwardGuard(
                            Set.of(new InterfaceName("eth0"), new InterfaceName("br0")),
                            Set.of(new InterfaceName("br0"), new InterfaceName("docker0"))),
                    AddressFamily.INET6,
                    new ForwardGuard(Set.of(new InterfaceName("eth0")), Set.of())));

    private static final List<BridgePortRules> PORTS = List.of(
            new BridgePortRules(
                    new InterfaceName("jv0123456789abc"),
                    MacAddress.parse("02:00:00:00:00:02"),
                    List.of(IpAddress.parse("10.77.0.2"), IpAddress.parse("fd00:77::2")),
                    EnumSet.of(NetworkFlag.PORT_SECURITY)),
            new BridgePortRules(
                    new InterfaceName("jvfedcba9876543"),
                    MacAddress.parse("02:00:00:00:00:03"),
                    List.of(IpAddress.parse("10.77.0.3")),
                    EnumSet.of(NetworkFlag.PORT_SECURITY, NetworkFlag.ROUTERS)));

    private NftFirewall firewall;

    @BeforeEach
    void open() {
        firewall = NftFirewall.open();
    }

    @AfterEach
    void close() {
        firewall.close();
    }

    @Test
    void elementsAsBytesAndAsTextMakeTheSameTable() {
        firewall.install(new FirewallState(OWNER, List.of(OPEN, CLOSED), PUBLICATIONS, PORTS, UPLINKS));
        String byText = list();
        firewall.install(new FirewallState(OWNER, List.of(), List.of(), UPLINKS));
        String empty = list();
        firewall.install(new FirewallState(OWNER, List.of(), List.of(), Surroundings.NONE));
        firewall.setSurroundings(UPLINKS);
        assertThat(list()).isEqualTo(empty).contains("docker0");
        firewall.addNetwork(OPEN);
        firewall.addNetwork(CLOSED);
        firewall.publish(PUBLICATIONS);
        PORTS.forEach(firewall::addBridgePort);

        assertThat(list()).isEqualTo(byText).isNotEqualTo(empty);

        PORTS.forEach(firewall::removeBridgePort);
        firewall.unpublish(PUBLICATIONS);
        firewall.removeNetwork(OPEN, List.of());
        firewall.removeNetwork(CLOSED, List.of());
        assertThat(list()).isEqualTo(empty);
    }

    /** With the same ranges, others that overlap, or on a bridge of the same name. */
    @Test
    void aSuccessorKeepsWhatIsItsOwn() {
        for (NetworkRules successor : List.of(
                new NetworkRules(new InterfaceName("jbr-after"), OPEN.subnets(), OPEN.gateways(), OPEN.flags()),
                new NetworkRules(OPEN.bridge(), CLOSED.subnets(), CLOSED.gateways(), OPEN.flags()),
                new NetworkRules(
                        OPEN.bridge(),
                        List.of(IpPrefix.parse("10.77.0.0/16")),
                        List.of(IpAddress.parse("10.77.9.1")),
                        OPEN.flags()),
                new NetworkRules(
                        new InterfaceName("jbr-after"),
                        List.of(IpPrefix.parse("10.77.0.0/28")),
                        List.of(IpAddress.parse("10.77.0.2")),
                        OPEN.flags()))) {
            firewall.uninstall();
            firewall.install(new FirewallState(OWNER, List.of(successor), List.of(), Surroundings.NONE));
            String alone = list();
            firewall.uninstall();
            firewall.install(new FirewallState(OWNER, List.of(OPEN), List.of(), Surroundings.NONE));
            // Intervals do not overlap: where they would, the first removal has got so far.
            if (successor.subnets().stream().anyMatch(OPEN.subnets()::contains)
                    || successor.subnets().equals(CLOSED.subnets())) {
                firewall.addNetwork(successor);
            } else {
                firewall.removeNetwork(OPEN, List.of());
                firewall.addNetwork(successor);
            }

            firewall.removeNetwork(OPEN, List.of(successor));
            assertThat(list()).as("after %s", successor.bridge()).isEqualTo(alone);
        }
    }

    @Test
    void everyMethodMayBeRepeated() {
        firewall.uninstall();
        FirewallState state = new FirewallState(OWNER, List.of(OPEN), PUBLICATIONS, Surroundings.NONE);
        firewall.install(state);
        String installed = list();
        firewall.install(state);
        firewall.addNetwork(OPEN);
        firewall.publish(PUBLICATIONS);
        assertThat(list()).isEqualTo(installed);

        firewall.unpublish(PUBLICATIONS);
        firewall.unpublish(PUBLICATIONS);
        firewall.removeNetwork(OPEN, List.of());
        firewall.removeNetwork(OPEN, List.of());
        firewall.uninstall();
        firewall.uninstall();
        firewall.unpublish(PUBLICATIONS);
        assertThat(Commands.run("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void anInstalledTableIsOnlyChangedWhereItDiffers() {
        FirewallState state = new FirewallState(OWNER, List.of(OPEN, CLOSED), PUBLICATIONS, UPLINKS);
        firewall.install(state);
        String installed = Commands.run("nft", "-a", "list", "tables");
        String wanted = list();
        firewall.install(state);
        assertThat(Commands.run("nft", "-a", "list", "tables"))
                .as("the same table, by its handle")
                .isEqualTo(installed);

        NetworkRules wider = new NetworkRules(
                OPEN.bridge(), List.of(IpPrefix.parse("10.77.0.0/16")), List.of(), EnumSet.of(NetworkFlag.MASQUERADE));
        List<Publication> elsewhere = List.of(
                publication("0.0.0.0", 8080, 8080, "10.77.0.9", 90),
                publication("0.0.0.0", 20000, 20999, "10.77.0.9", 20000));
        firewall.install(new FirewallState(OWNER, List.of(wider), elsewhere, Surroundings.NONE));
        String changed = list();
        firewall.uninstall();
        firewall.install(new FirewallState(OWNER, List.of(wider), elsewhere, Surroundings.NONE));
        assertThat(changed).isEqualTo(list());

        firewall.install(state);
        assertThat(list()).isEqualTo(wanted);
    }

    @Test
    void whatOthersDidToTheTablesIsUndone() {
        FirewallState state = new FirewallState(OWNER, List.of(OPEN, CLOSED), PUBLICATIONS, PORTS, UPLINKS);
        firewall.install(state);
        String wanted = list();
        for (String damage : List.of(
                "flush ruleset",
                "flush chain inet jnet publish",
                "flush map inet jnet networks",
                "flush map inet jnet networks; delete chain inet jnet from_jbr-open",
                "insert rule inet jnet from_jbr-open goto raw_network4",
                "add chain inet jnet from_gone; add element inet jnet networks { gone : goto from_gone }",
                "flush set inet jnet bridges",
                "flush set inet jnet opened4",
                "flush set inet jnet same_bridge",
                "flush map inet jnet published4",
                "insert rule inet jnet forward drop",
                "add chain inet jnet more; add rule inet jnet forward jump more",
                "add set inet jnet more { type ifname; }",
                "delete table inet jnet; add table inet jnet",
                "flush table inet jnet; delete chain inet jnet unmark",
                "add element inet jnet published4 { tcp . 7777 : 10.77.0.2 . 7777 }",
                "delete table bridge jnet",
                "delete table inet jnet",
                "flush table bridge jnet",
                "flush set bridge jnet port_targets6",
                "add element bridge jnet router_ports { jv1 }",
                "insert rule bridge jnet prerouting accept")) {
            Commands.run("nft", damage);
            assertThat(damage).satisfies(text -> firewall.install(state));
            assertThat(list()).as("after %s", damage).isEqualTo(wanted);
        }
    }

    /** What owners save with {@code nft list table} they load again. */
    @Test
    void nftTakesItsListingBack(@TempDir Path folder) throws IOException {
        firewall.install(new FirewallState(OWNER, List.of(OPEN), PUBLICATIONS, UPLINKS));
        String listing = tables();
        Path file = Files.writeString(folder.resolve("rules.nft"), listing);
        Commands.run("nft", "flush", "ruleset");
        Commands.run("nft", "-f", file.toString());
        assertThat(tables()).isEqualTo(listing);
    }

    private static String tables() {
        return Commands.run("nft", "list", "table", "inet", "jnet")
                + Commands.run("nft", "list", "table", "bridge", "jnet");
    }

    @Test
    void surroundingsAreSet() {
        Surroundings others = new Surroundings(Set.of(new InterfaceName("br1")));
        firewall.install(new FirewallState(OWNER, List.of(OPEN), List.of(), UPLINKS));
        firewall.setSurroundings(others);
        String set = list();
        firewall.install(new FirewallState(OWNER, List.of(OPEN), List.of(), others));

        assertThat(set).isEqualTo(list()).contains("br1").doesNotContain("br0");
    }

    @Test
    void aTakenPortIsAConflictAndNothingIsPublished() {
        firewall.install(new FirewallState(OWNER, List.of(OPEN), PUBLICATIONS, Surroundings.NONE));
        String installed = list();

        assertThatThrownBy(() -> firewall.publish(List.of(
                        publication("0.0.0.0", 9090, 9090, "10.77.0.9", 90),
                        publication("0.0.0.0", 8080, 8080, "10.77.0.9", 80))))
                .isInstanceOfSatisfying(EngineException.class, failure -> assertThat(failure.code())
                        .hasToString("CONFLICT"))
                .hasMessageStartingWith("add element inet jnet published4 { 6 . 8080 : 10.77.0.9 . 80 }: ");
        assertThat(list()).isEqualTo(installed);
    }

    @Test
    void withoutTheTablePublishingSaysWhatIsMissing() {
        assertThatThrownBy(() -> firewall.publish(PUBLICATIONS.subList(0, 1)))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("add element inet jnet published4 { 6 . 8080 : 10.77.0.2 . 80 }: "
                        + "no such file or object (ENOENT)");
    }

    private static String list() {
        return list("inet") + list("bridge");
    }

    /** One table; in what order the chains were made is of no account, the order of a chain's rules is. */
    private static String list(String family) {
        String table = Commands.run("nft", "-j", "-s", "list", "table", family, "jnet")
                .replaceAll("\"handle\": [0-9]+", "")
                .replaceFirst("\\]\\}\\s*$", "");
        return Pattern.compile("(?<=\\}), (?=\\{\"(?:set|map|chain|rule)\": )")
                .splitAsStream(table)
                .sorted(Comparator.comparing(NftFirewallKernelTest::chainOfRule))
                .collect(Collectors.joining("\n"));
    }

    private static String chainOfRule(String object) {
        Matcher rule = RULE.matcher(object);
        return rule.lookingAt() ? "rule " + rule.group(1) : object;
    }

    private static Publication publication(String host, int first, int last, String container, int port) {
        return new Publication(
                Protocol.TCP, IpAddress.parse(host), new PortRange(first, last), IpAddress.parse(container), port);
    }
}
