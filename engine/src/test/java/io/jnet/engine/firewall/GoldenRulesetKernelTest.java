package io.jnet.engine.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.jnet.engine.network.NetworkFlag;
import io.jnet.engine.port.PortRange;
import io.jnet.engine.port.Protocol;
import io.jnet.netlink.address.IpAddress;
import io.jnet.netlink.address.IpPrefix;
import io.jnet.netlink.link.InterfaceName;
import io.jnet.netlink.testkit.Commands;
import io.jnet.netlink.testkit.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The table as the kernel has it, against {@code docs/rulesets/table.nft}. After a change of the rules: run with
 * {@code -Dsurefire.jvm.args=-Djnet.golden=write}, read the difference, commit it.
 */
@KernelTest
class GoldenRulesetKernelTest {
    private static final Path GOLDEN = Path.of("..", "docs", "rulesets", "table.nft");

    @Test
    void theTableIsTheOneInTheDocumentation() throws IOException {
        try (NftFirewall firewall = NftFirewall.open()) {
            firewall.install(state());
        }
        String listed =
                "# table inet jnet with two networks, one of them internal, and four publications; as `nft -s list table` shows it\n"
                        + normal(Commands.run("nft", "-s", "list", "table", "inet", "jnet"));
        if ("write".equals(System.getProperty("jnet.golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, listed);
        }
        assertThat(listed).isEqualTo(Files.readString(GOLDEN));
    }

    /** Later versions of nft leave out leading zeros of marks. */
    private static String normal(String listing) {
        return listing.replaceAll("0x0+([0-9a-f])", "0x$1");
    }

    private static FirewallState state() {
        NetworkRules web = new NetworkRules(
                new InterfaceName("jbr-0123456789a"),
                List.of(IpPrefix.parse("10.77.0.0/24"), IpPrefix.parse("fd00:77::/64")),
                List.of(IpAddress.parse("10.77.0.1"), IpAddress.parse("fd00:77::1")),
                EnumSet.of(NetworkFlag.MASQUERADE, NetworkFlag.INTER_CONTAINER));
        NetworkRules data = new NetworkRules(
                new InterfaceName("jbr-fedcba98765"),
                List.of(IpPrefix.parse("10.78.0.0/24")),
                List.of(IpAddress.parse("10.78.0.1")),
                EnumSet.of(NetworkFlag.INTERNAL, NetworkFlag.INTER_CONTAINER));
        List<Publication> publications = List.of(
                publication(Protocol.TCP, "0.0.0.0", 8080, 8080, "10.77.0.2", 80),
                publication(Protocol.TCP, "::", 8080, 8080, "fd00:77::2", 80),
                publication(Protocol.UDP, "198.51.100.1", 53, 53, "10.77.0.3", 5353),
                publication(Protocol.TCP, "0.0.0.0", 20000, 29999, "10.77.0.3", 20000));
        return new FirewallState(
                "jnet 0123456789abcdef",
                List.of(web, data),
                publications,
                new Surroundings(Set.of(new InterfaceName("br0")), Set.of(IpAddress.parse("172.17.0.1"))));
    }

    private static Publication publication(
            Protocol protocol, String host, int first, int last, String container, int port) {
        return new Publication(
                protocol, IpAddress.parse(host), new PortRange(first, last), IpAddress.parse(container), port);
    }
}
